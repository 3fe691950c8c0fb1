"""Entity corpora → sentences of words with marked mentions.

Columns of the MTL-2016 collection (Crichton et al. 2017) hold tokens without the spaces between them, cut
at every hyphen and slash. Each sentence is therefore also given in the tokens of the pipeline's own
tokenizer, over the text with its spaces put back, so that the model knows both.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline.language.sentences import boundaries

NO_SPACE_BEFORE = {",", ".", ")", "]", ";", ":", "-", "/", "%", "'", "'s"}
NO_SPACE_AFTER = {"(", "[", "-", "/"}
# Schemes, with the folders of their columns. The first three are measured; the rest teach the encoder.
COLUMNS = {
    "bionlp13cg": "BioNLP13CG-IOB",
    "bc5cdr": "BC5CDR-IOB",
    "jnlpba": "JNLPBA",
    "bc2gm": "BC2GM-IOB",
    "anatem": "AnatEM-IOB",
    "bionlp13pc": "BioNLP13PC-IOB",
    "ncbi": "NCBI-disease-IOB",
    "craft": "CRAFT-IOB",
}
MEASURED = ("bionlp13cg", "bc5cdr", "jnlpba")
JNLPBA_TRAINING = "jnlpba/standoff/train"


@dataclass(frozen=True)
class MarkedSentence:
    """Words, and mentions as (first word, word after the last, label)."""

    words: tuple[str, ...]
    mentions: tuple[tuple[int, int, str], ...]

    @property
    def key(self) -> str:
        """The same for a sentence in any tokenization and case."""
        return "".join(self.words).casefold()


def label_of(tag: str) -> str:
    """A corpus's name of a type → the label, as scispaCy's models write it: `Cell_line` → `CELL_LINE`."""
    return tag.upper().replace("-", "_")


def read_columns(path: Path) -> Iterator[MarkedSentence]:
    """The sentences of a file of words and IOB tags, separated by empty lines."""
    words: list[str] = []
    tags: list[str] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.strip():
            word, tag = line.split("\t")[:2]
            if word != "-DOCSTART-":
                words.append(word)
                tags.append(tag)
        elif words:
            yield MarkedSentence(tuple(words), tuple(_mentions(tags)))
            words, tags = [], []


def _mentions(tags: list[str]) -> Iterator[tuple[int, int, str]]:
    start = -1
    for i, tag in enumerate([*tags, "O"]):
        if start >= 0 and not tag.startswith("I"):
            yield start, i, label_of(tags[start][2:])
            start = -1
        if start < 0 and tag != "O":
            start = i


def columns(corpora: Path, scheme: str, folds: Iterable[str]) -> list[MarkedSentence]:
    """The sentences of a scheme's folds `train`, `devel` and `test`, in the corpus's own tokens."""
    return [s for fold in folds for s in read_columns(corpora / COLUMNS[scheme] / f"{fold}.tsv")]


def jnlpba_training(corpora: Path, tokenizer: Tokenizer) -> Iterator[MarkedSentence]:
    """JNLPBA's training abstracts (Kim et al. 2004) come as stand-off marks on text only."""
    for path in sorted((corpora / JNLPBA_TRAINING).glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        marks = []
        for line in path.with_suffix(".ann").read_text(encoding="utf-8").splitlines():
            kind, mark_start, mark_end = line.split("\t")[1].split()
            marks.append((int(mark_start), int(mark_end), label_of(kind)))
        offset = 0
        for block in text.splitlines(keepends=True):
            for start, end in boundaries(block):
                first, after = offset + start, offset + end
                inside = [(s - first, e - first, label) for s, e, label in marks if first <= s and e <= after]
                yield _cut_at_mentions(tokenizer(text[first:after]), inside)
            offset += len(block)


def in_own_tokens(sentence: MarkedSentence, tokenizer: Tokenizer) -> MarkedSentence | None:
    """The sentence in the tokens of `tokenizer`; None where a mention begins or ends within such a token."""
    doc = spaced(sentence, tokenizer.vocab)
    offsets = [(doc[s].idx, doc[e - 1].idx + len(doc[e - 1]), label) for s, e, label in sentence.mentions]
    return _marked(tokenizer(doc.text), offsets)


def spaced(sentence: MarkedSentence, vocab: Vocab) -> Doc:
    """A Doc of the corpus's own tokens, with spaces put back by the rules of English."""
    words = ["", *sentence.words, ""]
    spaces = [
        not (word in NO_SPACE_AFTER or after in NO_SPACE_BEFORE or not after)
        and not (word in {".", ","} and before.isdigit() and after.isdigit())
        for before, word, after in zip(words, words[1:], words[2:], strict=False)
    ]
    return Doc(vocab, words=list(sentence.words), spaces=spaces)


def training_sentences(
    corpora: Path, tokenizer: Tokenizer, *, choosing: bool
) -> dict[str, list[tuple[MarkedSentence, ...]]]:
    """For each scheme its training sentences, each in one or two tokenizations.

    With `choosing`, the development parts of the measured corpora are left out, to choose settings by;
    the shipped model is trained on them too. No sentence of a measured test part is ever among them.
    """
    kept_out = {s.key for scheme in MEASURED for s in columns(corpora, scheme, ["test"])}
    if choosing:
        kept_out |= {s.key for scheme in MEASURED for s in columns(corpora, scheme, ["devel"])}
    found = {}
    for scheme in COLUMNS:
        folds = ["devel"] if scheme == "jnlpba" else ["train", "devel"]
        versions = [(s, in_own_tokens(s, tokenizer)) for s in columns(corpora, scheme, folds)]
        sentences = [tuple(v for v in pair if v is not None) for pair in versions]
        if scheme == "jnlpba":
            sentences += [(s,) for s in jnlpba_training(corpora, tokenizer)]
        found[scheme] = [versions for versions in sentences if versions[0].key not in kept_out]
    return found


def _cut_at_mentions(doc: Doc, offsets: list[tuple[int, int, str]]) -> MarkedSentence:
    """The words of `doc`, cut further where a mention begins or ends within one, as the corpus cuts them."""
    edges = {edge for start, end, _ in offsets for edge in (start, end)}
    starts, words = [], []
    for token in doc:
        cuts = sorted(
            {token.idx, token.idx + len(token), *(e for e in edges if token.idx < e < token.idx + len(token))}
        )
        for start, end in pairwise(cuts):
            starts.append(start)
            words.append(doc.text[start:end])
    ends = [start + len(word) for start, word in zip(starts, words, strict=True)]
    mentions = [(starts.index(start), ends.index(end) + 1, label) for start, end, label in offsets]
    return MarkedSentence(tuple(words), tuple(mentions))


def _marked(doc: Doc, offsets: Iterable[tuple[int, int, str]]) -> MarkedSentence | None:
    mentions = []
    for start, end, label in offsets:
        span = doc.char_span(start, end)
        if span is None:
            return None
        mentions.append((span.start, span.end, label))
    return MarkedSentence(tuple(token.text for token in doc), tuple(mentions))
