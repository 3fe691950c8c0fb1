"""Matrix products by numpy's BLAS in place of the one that thinc carries.

numpy's wheels hold an OpenBLAS with kernels for the processor at hand; on machines with AVX-512 it is about
three times as fast as thinc's BLIS. The mechanism is that of thinc-apple-ops: another implementation of
thinc's operations, in force while a pipeline is loaded and kept by its layers afterwards.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Any

import numpy as np
from thinc.api import NumpyOps, registry, use_ops
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

NAME = "myoclaims-blas"


@registry.ops("MyoclaimsBlasOps")
class BlasOps(NumpyOps):  # type: ignore[misc]
    """thinc's operations for the processor, with the products of matrices done by numpy."""

    name = NAME

    def gemm(self, x: Any, y: Any, out: Any = None, trans1: bool = False, trans2: bool = False) -> Any:
        """x · y (either transposed first where asked), written to `out` where one is given."""
        return np.matmul(x.T if trans1 else x, y.T if trans2 else y, out=out)

    def affine(self, X: Any, W: Any, b: Any) -> Any:
        """X · Wᵀ + b, a row of X a token."""
        product = np.matmul(X, W.T)
        product += b
        return product


@contextmanager
def fast_products() -> Iterator[None]:
    """Layers made or loaded within the block multiply by numpy's BLAS, then and later."""
    with use_ops(NAME):
        yield


def on_one_core() -> AbstractContextManager[object]:
    """Products within the block are computed by one thread, whatever the machine has.

    The model's matrices are small: a second thread takes half as much processor time again and saves a twelfth of
    the time. A worker is a core, and what it computes does not depend on how many cores there are.
    """
    return _controller().limit(limits=1, user_api="blas")  # type: ignore[no-any-return]


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
