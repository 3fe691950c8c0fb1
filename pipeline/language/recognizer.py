"""The entity recognizer: one encoder for several annotation schemes, a layer of label scores for each.

Corpora that mark different types teach one encoder (hard parameter sharing, Caruana 1997; for these corpora
Crichton et al. 2017), and each keeps its own labels. What a document gets as `doc.ents` are the mentions of
one scheme, with chosen labels of others where they overlap none of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.tokens import Doc, Span
from spacy.util import SimpleFrozenList, minibatch
from thinc.api import Linear, Model

from pipeline.language import lattice
from pipeline.language.blas import fast_products
from pipeline.language.encoder import word_encoder

FACTORY = "myoclaims_recognizer"
WORDS_AT_ONCE = 4_000
Schemes = dict[str, list[str]]


def recognizer_model(schemes: Schemes, width: int, depth: int, dropout: float, word_dropout: float) -> Model[Any, Any]:
    """Encoder and label scores as layers of one model, initialized; `model.layers` are the encoder, then a
    layer for each scheme in order. The encoder sees `depth` words on either side of a word.
    """
    with fast_products():
        encoder = word_encoder(width, depth, dropout, word_dropout)
        heads = [Linear(nO=lattice.number_of_labels(len(labels)), nI=width) for labels in schemes.values()]
        for layer in (encoder, *heads):
            layer.initialize()
    return Model("recognizer", _forward_of_parts, layers=[encoder, *heads])


def _forward_of_parts(model: Model[Any, Any], X: Any, is_train: bool) -> Any:
    raise NotImplementedError("call the encoder and the layer of a scheme")


class Recognizer(Pipe):
    """The pipeline component. `schemes` maps the name of a scheme to its labels.

    `main` names the scheme whose mentions become entities; `added` maps other schemes to the labels taken
    from them. Mentions lie within one sentence where sentences are marked.
    """

    def __init__(
        self,
        vocab: Any,
        name: str,
        *,
        schemes: Schemes,
        main: str,
        added: Schemes,
        width: int,
        depth: int,
        dropout: float,
        word_dropout: float,
    ) -> None:
        unknown = {main, *added} - set(schemes)
        if unknown:
            raise ValueError(f"no such scheme: {', '.join(sorted(unknown))}; there are {', '.join(schemes)}")
        self.vocab, self.name = vocab, name
        self.schemes, self.main, self.added = schemes, main, added
        self.model = recognizer_model(schemes, width, depth, dropout, word_dropout)
        for label in self.labels:
            vocab.strings.add(label)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that entities can have."""
        return (*self.schemes[self.main], *(label for labels in self.added.values() for label in labels))

    def head(self, scheme: str) -> Model[Any, Any]:
        """The layer of label scores of a scheme."""
        return self.model.layers[1 + list(self.schemes).index(scheme)]

    def __call__(self, doc: Doc) -> Doc:
        self.set_annotations([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        for docs in minibatch(stream, batch_size):  # type: ignore[no-untyped-call]
            self.set_annotations(docs)
            yield from docs

    def set_annotations(self, docs: Sequence[Doc]) -> None:
        """Set the entities of documents."""
        found = self.find(docs, (self.main, *self.added))
        for number, doc in enumerate(docs):
            spans = found[self.main][number]
            for scheme, labels in self.added.items():
                spans = _joined(spans, [span for span in found[scheme][number] if span.label_ in labels])
            doc.set_ents(spans, default="outside")

    def find(self, docs: Sequence[Doc], schemes: Iterable[str]) -> dict[str, list[list[Span]]]:
        """The mentions of each document by each of the schemes, in order, without touching the documents."""
        found: dict[str, list[list[Span]]] = {scheme: [[] for _ in docs] for scheme in schemes}
        encoder = self.model.layers[0]
        for sentences in _sentences(docs):
            encoded = encoder.predict([words for _, _, words in sentences])
            joined = np.vstack(encoded)
            lengths = [len(words) for _, _, words in sentences]
            for scheme, mentions in found.items():
                labels = self.schemes[scheme]
                best = lattice.best_spans(self.head(scheme).predict(joined), lengths)
                for (number, start, _), spans in zip(sentences, best, strict=True):
                    for first, after, kind in spans:
                        mentions[number].append(Span(docs[number], start + first, start + after, label=labels[kind]))
        return found

    def copy_from(self, other: "Recognizer") -> None:
        """Take over the encoder of another recognizer of the same size, and its layers for the schemes of this one."""
        pairs = [(self.model.layers[0], other.model.layers[0])]
        pairs += [(self.head(scheme), other.head(scheme)) for scheme in self.schemes]
        for mine, theirs in pairs:
            for node, source in zip(mine.walk(), theirs.walk(), strict=True):
                for name in node.param_names:
                    node.set_param(name, source.get_param(name))

    def to_bytes(self, *, exclude: Iterable[str] = SimpleFrozenList()) -> bytes:
        """The parameters as numpy's `.npz`, in half precision: half as large, and no figure changes by 0.1."""
        file = BytesIO()
        np.savez(file, **{place: node.get_param(name).astype(np.float16) for place, node, name in self._parameters()})
        return file.getvalue()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = SimpleFrozenList()) -> "Recognizer":
        """Take over parameters that a recognizer of the same schemes and sizes gave out; else ValueError."""
        with np.load(BytesIO(data)) as saved:
            expected = {place: node.get_param(name).shape for place, node, name in self._parameters()}
            found = {place: saved[place].shape for place in saved.files}
            if expected != found:
                differing = sorted(str(item) for item in expected.items() ^ found.items())
                raise ValueError(f"the saved recognizer has other parts than its settings say: {'; '.join(differing)}")
            for place, node, name in self._parameters():
                node.set_param(name, saved[place].astype(np.float32))
        return self

    def _parameters(self) -> Iterator[tuple[str, Model[Any, Any], str]]:
        for number, node in enumerate(self.model.walk()):
            for name in node.param_names:
                yield f"{number}-{node.name}-{name}", node, name

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = SimpleFrozenList()) -> None:
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / "parameters.npz").write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = SimpleFrozenList()) -> "Recognizer":
        return self.from_bytes((Path(path) / "parameters.npz").read_bytes())


@Language.factory(
    FACTORY,
    assigns=["doc.ents", "token.ent_iob", "token.ent_type"],
    default_config={"added": {}, "width": 128, "depth": 4, "dropout": 0.2, "word_dropout": 0.15},
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0},
)
def make_recognizer(
    nlp: Language,
    name: str,
    schemes: Schemes,
    main: str,
    added: Schemes,
    width: int,
    depth: int,
    dropout: float,
    word_dropout: float,
) -> Recognizer:
    """The component for a pipeline, from its block of a config."""
    return Recognizer(
        nlp.vocab, name, schemes=schemes, main=main, added=added,
        width=width, depth=depth, dropout=dropout, word_dropout=word_dropout,
    )  # fmt: skip


def _sentences(docs: Sequence[Doc]) -> Iterator[list[tuple[int, int, list[str]]]]:
    """Sentences as (number of the document, first token, words), in groups of about WORDS_AT_ONCE words."""
    group: list[tuple[int, int, list[str]]] = []
    words_in_group = 0
    for number, doc in enumerate(docs):
        words = [token.text for token in doc]
        if not words:
            continue
        starts = [sentence.start for sentence in doc.sents] if doc.has_annotation("SENT_START") else [0]
        for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
            group.append((number, start, words[start:end]))
            words_in_group += end - start
            if words_in_group >= WORDS_AT_ONCE:
                yield group
                group, words_in_group = [], 0
    if group:
        yield group


def _joined(spans: list[Span], others: list[Span]) -> list[Span]:
    """`spans`, with those of the others that overlap none of them."""
    taken = {token for span in spans for token in range(span.start, span.end)}
    return [*spans, *(s for s in others if taken.isdisjoint(range(s.start, s.end)))]
