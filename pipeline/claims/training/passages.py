"""The annotated passages: where each is cut from, what it claims, and its text from a folder of their sources."""

import csv
import hashlib
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.reading import read
from pipeline.records import Article, Effect, Fetched

FOLDER = Path(__file__).parent
LOCAL = "europepmc"  # papers lie as files; all else is cut from git repositories


class SourceError(ValueError):
    """The source of a passage is not there; the message says where it was looked for."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Characters `start:end` of a file at a commit of a public repository (of the text as read, for a paper)."""

    name: str
    kind: str
    repository: str
    commit: str
    path: str
    start: int
    end: int

    @property
    def fold(self) -> int:
        """0 to 4, the same for all passages of one article, so that none is trained on and measured at once."""
        return int(hashlib.sha1(f"{self.repository}/{self.path}".encode()).hexdigest(), 16) % 5


@dataclass(frozen=True, slots=True)
class AnnotatedLink:
    """A link by the annotation guide. `sentence_hash` is that of the sentence that asserts it (`hash_of`)."""

    sentence_hash: str
    subject_id: str
    object_id: str
    effect: Effect
    negated: bool
    is_doubtful: bool


def load_passages() -> list[Passage]:
    """The passages in the order of the table."""
    return [
        Passage(
            r["passage"], r["kind"], r["repository"], r["commit"], r["path"], int(r["start"]), int(r["end"])
        )
        for r in _rows("passages.tsv")
    ]  # fmt: skip


def load_links() -> dict[str, list[AnnotatedLink]]:
    """The links of each passage that has any."""
    links: defaultdict[str, list[AnnotatedLink]] = defaultdict(list)
    for r in _rows("links.tsv"):
        link = AnnotatedLink(
            r["sentence_hash"],
            r["subject"],
            r["object"],
            Effect(r["effect"]),
            r["negated"] == "1",
            r["doubtful"] == "1",
        )
        links[r["passage"]].append(link)
    return dict(links)


def hash_of(sentence: str) -> str:
    """Eight hex digits of a sentence's words, by which an annotation finds it again."""
    return hashlib.blake2b(" ".join(sentence.split()).encode("utf-8"), digest_size=4).hexdigest()


def articles(passages: list[Passage], sources: Path) -> Iterator[tuple[Passage, Article]]:
    """Each passage as the pipeline reads it. `sources` holds a clone `owner+name` of each repository.

    Raises SourceError, naming the place, where a clone, a commit or a file is missing.
    """
    for passage in passages:
        text = _text_of(passage, sources)[passage.start : passage.end]
        name = f"{passage.name}.txt"
        yield passage, read(Fetched("passages", name, text.encode("utf-8"), datetime.now(UTC)))


def _text_of(passage: Passage, sources: Path) -> str:
    folder = sources / passage.repository.replace("/", "+")
    if passage.repository == LOCAL:
        path = folder / passage.path
        if not path.is_file():
            raise SourceError(f"{path} is missing: put the paper's full text (JATS) there")
        return read(Fetched("papers", passage.path, path.read_bytes(), datetime.now(UTC))).text
    command = ["git", "-C", str(folder), "show", f"{passage.commit}:{passage.path}"]
    shown = subprocess.run(command, capture_output=True, check=False)
    if shown.returncode:
        raise SourceError(
            f"{folder} does not hold {passage.path} at {passage.commit}: clone github.com/{passage.repository} there"
        )
    return shown.stdout.decode("utf-8")


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(newline="", encoding="utf-8") as table:
        yield from csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
