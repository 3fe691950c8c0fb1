"""Genes and chemicals outside the vocabulary → HGNC and ChEBI identifiers, by name, synonym and context.

Names are compared by a key that case, hyphens, blanks and Greek letters make no difference to. A short symbol is
shared by many things: it needs its long form in the article, or another name of the same gene.
"""

import csv
import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path

from pipeline.concepts.tables import VocabularyError
from pipeline.records import Concept

FOLDER = Path(__file__).parent
GENES, CHEMICALS = "open-genes.tsv", "open-chemicals.tsv"
COLUMNS = {GENES: ("curie", "symbol", "name", "aliases", "previous"), CHEMICALS: ("curie", "name", "aliases")}
# How much a kind of name counts, written as listed and in another case.
WEIGHTS = {
    "symbol": (1.0, 0.6),
    "name": (1.0, 1.0),
    "previous": (0.5, 0.3),
    "aliases": (0.5, 0.35),
}
LEAST_SCORE = 0.5
SHORT = 3  # characters
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa", "ω": "omega", "ζ": "zeta",
    "θ": "theta", "λ": "lambda", "μ": "mu", "σ": "sigma",
}  # fmt: skip
NOT_OF_THE_NAME = re.compile(
    r"^(?:human|mouse|rat|murine|serum|plasma|circulating|total|soluble|recombinant|anti)[\s-]+"
    r"|[\s-]+(?:gene|protein|mrna|transcript|level|concentration|expression)s?$",
    re.IGNORECASE,
)
NOT_OF_THE_KEY = re.compile(r"[\W_]+")
REMARK = re.compile(r"\s*\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A gene or chemical with its identifier (`hgnc:6018`, `chebi:27300`) and preferred name."""

    curie: str
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class Grounding:
    """What a mention is grounded to, with every candidate's score (0..1), the best first."""

    entry: Entry
    score: float
    candidates: tuple[tuple[str, float], ...]


class OpenVocabulary:
    """Names of one table, and what they stand for."""

    def __init__(self, rows: Sequence[Mapping[str, str]]) -> None:
        self.entries: dict[str, Entry] = {}
        self._by_key: defaultdict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
        self._keys_of: defaultdict[str, set[str]] = defaultdict(set)
        for row in rows:
            curie = row["curie"]
            self.entries[curie] = _entry(row)
            for column in WEIGHTS:
                for name in filter(None, row.get(column, "").split("; ")):
                    for key in _keys(name):
                        self._by_key[key][curie].append((column, name))
                        self._keys_of[curie].add(key)

    def ground(self, text: str, long_form: str = "", beside: Collection[str] = ()) -> Grounding | None:
        """What `text` names, or None.

        `long_form` is what the article defines the text as a short form of: then that decides. `beside` are the keys
        (`key_of`) of the article's other mentions.
        """
        if long_form:
            meant = self._best(long_form, beside)
            if meant is not None:
                return meant
        found = self._best(text, beside)
        if found is None:
            return None
        key = key_of(_stripped(text))
        confirmed = not self._keys_of[found.entry.curie].isdisjoint(set(beside) - {key})
        if long_form and not confirmed and not _is_like(long_form, found.entry.name):
            return None  # the article says that it stands for something else
        is_telling = len(key) > SHORT or (len(key) == SHORT and not key.isalpha())  # "IL6" and "p53", but not "CAT"
        return found if is_telling or confirmed or long_form else None

    def has_symbol(self, word: str) -> bool:
        """Whether a word, written as it is, is a symbol or former symbol of the table."""
        names = self._by_key.get(key_of(word), {})
        return any(column != "name" and written == word for found in names.values() for column, written in found)

    def _best(self, text: str, beside: Collection[str]) -> Grounding | None:
        name = _stripped(text)
        weights: dict[str, float] = {}
        for curie, names in self._by_key.get(key_of(name), {}).items():
            weight = max(WEIGHTS[column][written != name] for column, written in names)
            others = self._keys_of[curie].intersection(beside) - {key_of(name)}
            weights[curie] = weight + (0.5 if others else 0.0)
        if not weights:
            return None
        total = sum(weights.values())
        ranked = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))
        scored = tuple((curie, round(min(1.0, weight) * weight / total, 3)) for curie, weight in ranked)
        curie, score = scored[0]
        return Grounding(self.entries[curie], score, scored) if score >= LEAST_SCORE * min(1.0, ranked[0][1]) else None


def key_of(name: str) -> str:
    """Letters and digits of a name in lower case, Greek letters spelled out: "TNF-α" → "tnfalpha"."""
    spelled = name.lower()
    if not name.isascii():  # few are not, and a hundred thousand names are read at the start
        decomposed = unicodedata.normalize("NFKD", name).lower()
        spelled = "".join(GREEK.get(character, character) for character in decomposed)
    return NOT_OF_THE_KEY.sub("", spelled)


@cache
def load_genes() -> OpenVocabulary:
    """HGNC's protein-coding genes (CC0). Raises VocabularyError for another table."""
    return OpenVocabulary(_read(FOLDER / GENES))


@cache
def load_chemicals() -> OpenVocabulary:
    """ChEBI entities that MeSH has as well (CC BY 4.0). Raises VocabularyError for another table."""
    return OpenVocabulary(_read(FOLDER / CHEMICALS))


@cache
def open_vocabulary_hash() -> str:
    """Changes with either table."""
    return hashlib.sha256(b"\0".join((FOLDER / name).read_bytes() for name in (GENES, CHEMICALS))).hexdigest()[:16]


def open_concepts(curies: Collection[str]) -> list[Concept]:
    """Rows of the vocabulary for the `curies` that the tables hold, in order, with the class `open`."""
    wanted = set(curies)
    return [
        Concept(entry.curie, role, "open", entry.label, entry.curie, entry.name, "exact")
        for role, table in (("gene", GENES), ("chemical", CHEMICALS))
        for entry in sorted(
            (_entry(row) for row in _read(FOLDER / table) if row["curie"] in wanted), key=attrgetter("curie")
        )
    ]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(reader.fieldnames or ()) != COLUMNS[path.name]:
            raise VocabularyError(f"{path.name}: found the columns {reader.fieldnames}, expected {COLUMNS[path.name]}")
        return list(reader)


def _entry(row: Mapping[str, str]) -> Entry:
    return Entry(row["curie"], row.get("symbol") or row["name"], row["name"])


def _keys(name: str) -> set[str]:
    """The key of a name, and of what it is without a remark in parentheses."""
    forms = (name, REMARK.sub("", name)) if "(" in name else (name,)
    return {key for form in forms if (key := key_of(form))}


def _stripped(text: str) -> str:
    previous, name = "", text.strip()
    while name != previous:
        previous, name = name, NOT_OF_THE_NAME.sub("", name)
    return name


def _is_like(long_form: str, name: str) -> bool:
    """Whether most words of a definition are words of the entry's name."""
    words, known = set(re.findall(r"\w+", long_form.lower())), set(re.findall(r"\w+", name.lower()))
    return bool(words) and len(words & known) >= len(words) / 2
