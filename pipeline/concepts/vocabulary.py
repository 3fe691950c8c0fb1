"""The vocabulary: concepts, their wordings, and the contexts in which a wording means something else."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.concepts.normalizing import Normalizer, joins, read_spelling
from pipeline.concepts.phrase_index import phrase_keys
from pipeline.concepts.senses import Sense
from pipeline.concepts.tables import Row, VocabularyError, read_table
from pipeline.records import Alias, Concept

FOLDER = Path(__file__).parent
TABLES = (
    "concepts.tsv",
    "aliases.tsv",
    "blockers.tsv",
    "landmarks.tsv",
    "senses.tsv",
    "spelling.tsv",
    "stop-phrases.tsv",
)
ROLES = ("exerkine", "exposure", "mechanism", "outcome")
MATCHES = ("exact", "close", "broader", "narrower", "inverse", "none")
CASES = ("any", "exact")
POLARITIES = ("1", "-1")
ORIGINS = ("label", "hgnc", "mesh", "go", "chebi", "mondo", "hp", "efo", "lay")
POSITIONS = ("next", "previous", "only-next", "only-previous")
CONCEPT_COLUMNS = ("slug", "role", "class", "label", "curie", "curie_name", "match", "scope", "broader")
_EVERY_CONCEPT = "*"
_OTHER_MEANING = "-"


@dataclass(frozen=True, slots=True)
class Blocker:
    """A neighbour that makes a wording mean something else: "receptor" next to an exerkine.

    `target` is a concept id, a role, or `*`; `wording` narrows it to one wording. At the positions `only-next` and
    `only-previous`, the wording counts beside one of these words and nowhere else. `word` begins (before the wording:
    ends) with a hyphen where it counts only when joined by one.
    """

    target: str
    wording: str
    position: str
    word: str


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place in the body that claim rules look for ("cross the barrier"), and one of its wordings."""

    landmark: str
    alias: str


@dataclass(frozen=True)
class Vocabulary:
    """Everything of the tables, checked. `content_hash` changes with any of them."""

    concepts: Mapping[str, Concept]
    aliases: tuple[Alias, ...]
    blockers: tuple[Blocker, ...]
    landmarks: tuple[Landmark, ...]
    senses: tuple[Sense, ...]
    stop_phrases: tuple[str, ...]
    spelling: Mapping[str, str]
    content_hash: str

    def ancestors(self, concept_id: str) -> tuple[str, ...]:
        """The broader concepts of `concept_id`, nearest first. Raises KeyError for an unknown concept."""
        chain: list[str] = []
        broader = self.concepts[concept_id].broader_id
        while broader:
            chain.append(broader)
            broader = self.concepts[broader].broader_id
        return tuple(chain)

    def related(self) -> dict[str, frozenset[str]]:
        """Each concept → the broader and narrower concepts of it, and those directly below the same one."""
        related: dict[str, set[str]] = {concept_id: set() for concept_id in self.concepts}
        for concept_id, concept in self.concepts.items():
            for broader in self.ancestors(concept_id):
                related[concept_id].add(broader)
                related[broader].add(concept_id)
            siblings = (c for c, other in self.concepts.items() if other.broader_id == concept.broader_id != "")
            related[concept_id].update(c for c in siblings if c != concept_id)
        return {concept_id: frozenset(others) for concept_id, others in related.items()}


@cache
def load_vocabulary(folder: Path = FOLDER) -> Vocabulary:
    """The tables of `folder` (the shipped ones by default).

    Raises VocabularyError, naming file and line, for a missing table, an unknown concept, a value that is not
    allowed, a circle of broader concepts, or a wording that stands for two things.
    """
    concepts = _read_concepts(folder / "concepts.tsv")
    spelling = read_spelling(folder / "spelling.tsv")
    wordings = _Wordings(Normalizer(spelling))
    aliases = tuple(_read_aliases(folder / "aliases.tsv", concepts, wordings))
    return Vocabulary(
        concepts=concepts,
        aliases=aliases,
        blockers=tuple(_read_blockers(folder / "blockers.tsv", concepts)),
        landmarks=tuple(_read_landmarks(folder / "landmarks.tsv", _Wordings(Normalizer(spelling)))),
        senses=tuple(_read_senses(folder / "senses.tsv", concepts, aliases)),
        stop_phrases=tuple(_read_stop_phrases(folder / "stop-phrases.tsv", wordings)),
        spelling=spelling,
        content_hash=_content_hash(folder),
    )


class _Wordings:
    """Remembers which wording stands where, so that none stands for two things."""

    def __init__(self, normalizer: Normalizer) -> None:
        self._normalizer = normalizer
        self._seen: dict[tuple[object, ...], Row] = {}

    def add(self, row: Row, text: str, exact: bool) -> None:
        """Raises VocabularyError where the linker could not tell `text` from an earlier wording."""
        pieces = self._normalizer.pieces(text)
        keys = phrase_keys(pieces)
        if not keys:
            raise row.error(f"{text!r} holds no word", "letters or digits")
        apart = [pieces.gap(i) for i in range(len(pieces.keys) - 1) if not joins(pieces.gap(i))]
        if apart:
            raise row.error(f"{text!r} has {apart[0]!r} inside, over which no wording is found", "words and hyphens")
        surfaces = tuple(pieces.surface(i) for i in range(len(pieces.keys)))
        identity = (keys, surfaces) if exact else (keys,)
        earlier = self._seen.setdefault(identity, row)
        if earlier is not row:
            raise row.error(
                f"{text!r} is to the linker the same as the wording in {earlier.file} line {earlier.line}",
                "each wording once (case, hyphens, plural and British spelling make no difference)",
            )


def _read_concepts(path: Path) -> dict[str, Concept]:
    rows: dict[str, Row] = {}
    concepts: dict[str, Concept] = {}
    for row in read_table(path, CONCEPT_COLUMNS):
        slug = row.filled("slug")
        if slug in concepts:
            raise row.error(f"{slug!r} stands in line {rows[slug].line} already", "one row a concept")
        rows[slug] = row
        concepts[slug] = Concept(
            concept_id=slug,
            role=row.one_of("role", ROLES),
            concept_class=row.filled("class"),
            label=row.filled("label"),
            curie=row["curie"],
            curie_name=row["curie_name"],
            match=row.one_of("match", MATCHES),
            scope=row["scope"],
            broader_id=row["broader"],
        )
    for slug, concept in concepts.items():
        _check_broader(rows[slug], concept, concepts)
    return concepts


def _check_broader(row: Row, concept: Concept, concepts: Mapping[str, Concept]) -> None:
    chain = [concept.concept_id]
    broader = concept.broader_id
    while broader:
        if broader not in concepts:
            raise row.error(f"{chain[-1]} has the broader concept {broader!r}", "a slug of this table, or nothing")
        if broader in chain:
            raise row.error(f"the broader concepts go in a circle: {' → '.join([*chain, broader])}", "a tree")
        chain.append(broader)
        broader = concepts[broader].broader_id


def _read_aliases(path: Path, concepts: Mapping[str, Concept], wordings: _Wordings) -> Iterable[Alias]:
    for row in read_table(path, ("concept", "alias", "case", "polarity", "origin")):
        alias = Alias(
            concept_id=_known(row, "concept", concepts),
            text=row.filled("alias"),
            case=row.one_of("case", CASES),
            polarity=int(row.one_of("polarity", POLARITIES)),
            origin=row.one_of("origin", ORIGINS),
        )
        wordings.add(row, alias.text, alias.case == "exact")
        yield alias


def _read_blockers(path: Path, concepts: Mapping[str, Concept]) -> Iterable[Blocker]:
    seen: set[Blocker] = set()
    for row in read_table(path, ("target", "wording", "position", "words", "reason")):
        target = row["target"]
        if target not in ROLES and target != _EVERY_CONCEPT:
            _known(row, "target", concepts)
        position = row.one_of("position", POSITIONS)
        row.filled("reason")
        for word in row.filled("words").split("; "):
            blocker = Blocker(target, row["wording"], position, word)
            if not any(character.isalnum() for character in word):
                raise row.error(
                    f"words has {word!r}", "words with letters or digits, parted by a semicolon and a blank"
                )
            if blocker in seen:
                raise row.error(f"{word!r} at {position} of {target} stands here a second time", "each blocker once")
            seen.add(blocker)
            yield blocker


def _read_landmarks(path: Path, wordings: _Wordings) -> Iterable[Landmark]:
    for row in read_table(path, ("landmark", "alias")):
        wordings.add(row, row.filled("alias"), exact=False)
        yield Landmark(row.filled("landmark"), row["alias"])


def _read_senses(path: Path, concepts: Mapping[str, Concept], aliases: Iterable[Alias]) -> Iterable[Sense]:
    named = {(alias.text, alias.concept_id) for alias in aliases}
    for row in read_table(path, ("wording", "concept", "prior", "cues", "reason")):
        row.filled("reason")
        wording, concept_id = row.filled("wording"), None
        if row["concept"] != _OTHER_MEANING:
            concept_id = _known(row, "concept", concepts)
            if (wording, concept_id) not in named:
                raise row.error(
                    f"{wording!r} is no wording of {concept_id}", f"it among the aliases, or {_OTHER_MEANING}"
                )
        if not row["prior"].isdigit():
            raise row.error(f"prior is {row['prior']!r}", "a whole number, 0 or more")
        yield Sense(wording, concept_id, int(row["prior"]), tuple(row.filled("cues").split("; ")))


def _read_stop_phrases(path: Path, wordings: _Wordings) -> Iterable[str]:
    for row in read_table(path, ("phrase", "reason")):
        row.filled("reason")
        wordings.add(row, row.filled("phrase"), exact=False)
        yield row["phrase"]


def _known(row: Row, column: str, concepts: Mapping[str, Concept]) -> str:
    if row[column] not in concepts:
        raise row.error(f"{column} is {row[column]!r}", "a slug of concepts.tsv")
    return row[column]


def _content_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in TABLES:
        # Line ends differ between checkouts of the same table.
        digest.update(name.encode() + b"\0" + (folder / name).read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:16]


__all__ = ["Blocker", "Landmark", "Vocabulary", "VocabularyError", "load_vocabulary"]
