"""Matrix products by numpy's BLAS in place of the one that thinc carries.

numpy's wheels hold an OpenBLAS with kernels for the processor at hand; on machines with AVX-512 it is about
three times as fast as thinc's BLIS. The mechanism is that of thinc-apple-ops: another implementation of
thinc's operations, in force while a pipeline is loaded and kept by its layers afterwards.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from thinc.api import NumpyOps, registry, use_ops

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
