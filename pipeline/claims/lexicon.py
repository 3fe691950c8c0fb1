"""The cue lexicons of claims: loaded from `lexicons/*.tsv`, checked, and hashed.

Words and their classes are data; what a class means is in the rules that use it.
"""

import csv
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.records import Effect

FOLDER = Path(__file__).parent / "lexicons"

# What a predicate does to its object; `have` passes on the direction that its object carries,
# `reverse` has the cause as its object, `cross` takes a landmark (the blood-brain barrier, the brain).
PREDICATE_CLASSES = {"up", "down", "good", "bad", "affect", "associate", "have", "reverse", "cross"}
TABLES: dict[str, dict[str, set[str]]] = {
    "predicates": {"pos": {"V", "N", "A"}, "class": PREDICATE_CLASSES},
    "nouns": {
        "kind": {
            "up",
            "down",
            "good",
            "bad",
            "pass",
            "class",
            "verbal",
            "quality",
            "made",
            "experiencer",
            "onset",
            "person",
        },
    },
    "modifiers": {"kind": {"up", "down", "good", "bad", "positive", "negative"}},
    "effect-adjectives": {"effect": {"increases", "decreases"}},
    "hedges": {"kind": {"modal", "adverb", "adjective", "verb", "noun"}},
    "negation": {
        "kind": {
            "adverb",
            "determiner",
            "verb",
            "preposition",
            "noun",
            "adjective",
            "quantity",
            "unchanged",
            "exception",
        }
    },
    "scope": {
        "kind": {
            "aim-verb",
            "aim-noun",
            "unsettled",
            "settling",
            "existence",
            "observing",
            "evidence",
            "happening",
            "doable",
            "advice",
            "purpose-verb",
            "topic-noun",
            "field-noun",
        }
    },
    "prepositions": {"kind": {"agent", "through", "cause", "exposure", "member", "pass"}},
    "light-verbs": {"kind": {"doing"}},
    "valence": {"valence": {"-1", "1"}, "disorder": {"0", "1"}},
}


class LexiconError(ValueError):
    """A lexicon table holds something that the rules cannot use; the message names file and line."""


@dataclass(frozen=True)
class Lexicon:
    """The cue words by lemma or lower-cased wording.

    `predicates` maps (part of speech V, N or A, lemma) to (object slot, class) pairs. An object slot is
    `obj` (direct object), `attr`, `self` (the subject itself changes), `none` or a preposition.

    `scope` has words that bear on what lies below them: verbs and nouns of aims (`aim-verb`, `aim-noun`), words that
    leave a question open (`unsettled`, and `settling` where negated), verbs of purpose (`purpose-verb`), nouns that
    name what a study is about (`topic-noun`) or that there is one (`field-noun`), adjectives and verbs of being there
    (`existence`, `happening`), verbs and nouns that say no more than that there is something (`observing`,
    `evidence`), what "could be" done was done (`doable`), and modals of `advice`.
    """

    predicates: dict[tuple[str, str], tuple[tuple[str, str], ...]]
    nouns: dict[str, frozenset[str]]
    modifiers: dict[str, str]
    effect_adjectives: dict[str, tuple[str, Effect]]
    hedges: dict[str, frozenset[str]]
    negation: dict[str, frozenset[str]]
    scope: dict[str, frozenset[str]]
    prepositions: dict[str, frozenset[str]]
    light_verbs: dict[str, frozenset[str]]
    bad: frozenset[str]
    disorders: frozenset[str]
    content_hash: str

    def noun_is(self, lemma: str, kind: str) -> bool:
        return kind in self.nouns.get(lemma, frozenset())

    def bears(self, word: str, *kinds: str) -> bool:
        """Whether a word bears on scope in one of the ways `kinds` (table `scope`)."""
        return not self.scope.get(word, frozenset()).isdisjoint(kinds)

    def preposition_is(self, word: str, kind: str) -> bool:
        return kind in self.prepositions.get(word, frozenset())


def read_table(name: str, folder: Path = FOLDER) -> list[dict[str, str]]:
    """Rows of `name`.tsv with their cells checked against TABLES; LexiconError names file and line."""
    path = folder / f"{name}.tsv"
    allowed = TABLES.get(name, {})
    with path.open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        rows = list(reader)
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise LexiconError(f"{path.name} line {number}: expected {len(reader.fieldnames or [])} cells, found {row}")
        for column, values in allowed.items():
            if row[column] not in values:
                expected = ", ".join(sorted(values))
                raise LexiconError(
                    f"{path.name} line {number}: {column} is {row[column]!r}, expected one of {expected}"
                )
    return rows


def _kinds(name: str, key: str, folder: Path) -> dict[str, frozenset[str]]:
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for row in read_table(name, folder):
        kinds[row[key]].add(row["kind"])
    return {word: frozenset(found) for word, found in kinds.items()}


def _content_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.tsv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def load_lexicon(folder: Path = FOLDER) -> Lexicon:
    """All tables of `folder`. Raises LexiconError for a bad cell, FileNotFoundError for a missing table."""
    predicates: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in read_table("predicates", folder):
        predicates[row["pos"], row["lemma"]].extend((slot, row["class"]) for slot in row["object"].split(","))
    valence = read_table("valence", folder)
    return Lexicon(
        predicates={key: tuple(frames) for key, frames in predicates.items()},
        nouns=_kinds("nouns", "lemma", folder),
        modifiers={row["word"]: row["kind"] for row in read_table("modifiers", folder)},
        effect_adjectives={
            row["word"]: (row["concept"], Effect(row["effect"])) for row in read_table("effect-adjectives", folder)
        },
        hedges=_kinds("hedges", "word", folder),
        negation=_kinds("negation", "word", folder),
        scope=_kinds("scope", "word", folder),
        prepositions=_kinds("prepositions", "word", folder),
        light_verbs=_kinds("light-verbs", "lemma", folder),
        bad=frozenset(row["concept"] for row in valence if row["valence"] == "-1"),
        disorders=frozenset(row["concept"] for row in valence if row["disorder"] == "1"),
        content_hash=_content_hash(folder),
    )
