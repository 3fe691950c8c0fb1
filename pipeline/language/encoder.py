"""Words → a vector for each in its context: what tagger, parser and recognizer stand on."""

from collections.abc import Sequence
from typing import Any

from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Maxout, Model, chain, clone, expand_window, residual, with_array

from pipeline.language.subwords import ROWS, WIDTHS, Vectors, Words, subword_embedding

PIECES = 3


def word_encoder(
    width: int, depth: int, dropout: float, word_dropout: float, rows: Sequence[int] = ROWS
) -> Model[Words, Vectors]:
    """Embedding by parts of words, then `depth` residual convolutions over three words each, so that a vector
    of `width` columns knows `depth` words on either side (spaCy's own encoder has the same form).
    """
    mix = Maxout(nO=width, nI=3 * width, nP=PIECES, normalize=True, dropout=dropout)
    block = residual(chain(expand_window(window_size=1), mix))
    encoder: Model[Words, Vectors] = chain(
        subword_embedding(word_dropout, rows),
        with_array(Maxout(nO=width, nI=sum(WIDTHS), nP=PIECES, normalize=True, dropout=dropout)),
        with_array(clone(block, depth), pad=depth),
    )
    encoder.set_dim("nO", width)
    return encoder


@registry.architectures("myoclaims.SubwordTok2Vec.v1")  # type: ignore[untyped-decorator]
def subword_tok2vec(width: int, depth: int, word_dropout: float, rows: list[int]) -> Model[list[Doc], Vectors]:
    """The encoder in the place of a spaCy pipeline's tok2vec layer."""
    words: Model[list[Doc], Words] = Model("words_of_docs", _words)
    encoder: Model[list[Doc], Vectors] = chain(words, word_encoder(width, depth, 0.0, word_dropout, rows))
    encoder.set_dim("nO", width)
    return encoder


def _words(model: Model[Any, Any], docs: list[Doc], is_train: bool) -> tuple[Words, Any]:
    return [[token.text for token in doc] for doc in docs], lambda gradients: []
