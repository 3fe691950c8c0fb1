"""The file for reviewers: which claims, in which order, with what beside them, and how safely it is written."""

import csv
import os
from pathlib import Path

import pytest

from pipeline.evidence.review import COLUMNS, write_review
from pipeline.records import Evidence
from pipeline.store import OutputNotWritableError, UnknownIdError, connect
from tests.reconciling.reviewing import Cells, Form, decided, exported, imported, merged, on_article, row_of
from tests.store.stories import DECREASES, INCREASES, Says, publish, rows, told

FORMULA = Says("increases", object="memory", sentence='=HYPERLINK("http://evil.example"),\nirisin and memory.')


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A pair that is contested, one that is not, and one whose sentence begins like a formula."""
    path = tmp_path_factory.mktemp("review") / "c.duckdb"
    publish(
        path,
        told("a", INCREASES, source_id="trial"),
        told("b", DECREASES, INCREASES, source_id="trial"),
        told("=c", FORMULA, Says("affects", subject="bdnf", object="memory")),
        told("d", Says("affects")),
        told("e", DECREASES),
        told("old", DECREASES),
    )
    publish(path, told("old", opening="Nothing is said any more."))
    return path.read_bytes()


@pytest.fixture
def db(published: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "c.duckdb"
    path.write_bytes(published)
    return path


def paths(records: list[Cells]) -> list[str]:
    return [row["path"] for row in records]


def test_there_is_a_row_for_each_claim_of_current_articles(db: Path) -> None:
    records = exported(db)
    assert sorted(row["claim_id"] for row in records) == [
        id_ for (id_,) in rows(db, "SELECT claim_id FROM evidence ORDER BY claim_id")
    ]
    assert "old" not in paths(records)


def test_claims_that_disagree_come_first_and_contested_pairs_next(db: Path) -> None:
    records = exported(db)
    ranks: dict[str, int] = {}
    for rank, one, other in rows(db, "SELECT rank, claim_id_a, claim_id_b FROM disagreements ORDER BY rank"):
        ranks.setdefault(one, rank)
        ranks.setdefault(other, rank)
    found = [
        (ranks.get(row["claim_id"], 99), row["verdict"] != "contested", float(row["confidence"]), row["claim_id"])
        for row in records
    ]
    assert found == sorted(found)
    assert found[0][0] == 1
    assert next(row["verdict"] for row in records if row["path"] in ("d", "'=c")) == "contested"


def test_a_row_holds_what_a_reviewer_reads_and_what_identifies_the_claim(db: Path) -> None:
    row = row_of(exported(db), "d")
    claim_id = row["claim_id"]
    assert {name: value for name, value in row.items() if value} == {
        "subject": "irisin",
        "effect": "affects",
        "object": "brain-derived neurotrophic factor",
        "negated": "false",
        "hedged": "false",
        "sentence": "irisin affects bdnf.",
        "previous_sentence": "This is d.",
        "title": "Title of d",
        "published": "2025-05-05",
        "tier": "blog",
        "url": "https://example.org/d",
        "confidence": "0.9",
        "rule": "verb",
        "rule_judged": "0",
        "verdict": "contested",
        "claim_id": claim_id,
        "evidence_key": Evidence("irisin affects bdnf.", "irisin", "affects", "bdnf", False, "blog", "d").key,
        "source_id": "blog",
        "path": "d",
        "subject_id": "irisin",
        "object_id": "bdnf",
    }
    assert list(row)[:9] == [
        *("decision", "note", "reviewer", "new_subject_id", "new_effect", "new_object_id", "new_negated"),
        *("new_hedged", "standing_decision"),
    ]


def test_the_file_is_safe_for_spreadsheets(db: Path) -> None:
    row = next(row for row in exported(db) if row["sentence"].startswith("'="))
    content = (db.parent / "review.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfdecision,note,")
    assert content.count(b"\r\n") == content.count(b"\n") == 1 + len(exported(db))
    assert row["sentence"] == '\'=HYPERLINK("http://evil.example"), irisin and memory.'
    assert row["path"] == "'=c"
    imported(db, [row | {"decision": "reject"}])
    assert rows(db, "SELECT path, sentence FROM decisions") == [("=c", FORMULA.sentence)]


def test_what_was_decided_is_shown_and_rejected_claims_are_there(db: Path) -> None:
    decided(db, "a", "reject")
    decided(db, "d", "fix", {"new_effect": "increases", "new_hedged": "true"}, days=1)
    records = exported(db)
    rejected, fixed = row_of(records, "a"), row_of(records, "d")
    assert rejected["standing_decision"] == "reject 2026-02-01"
    assert (rejected["rule_precision"], rejected["rule_judged"]) == ("0.0", "2")
    assert fixed["standing_decision"] == "fix 2026-02-02: effect increases, hedged true"
    assert (fixed["effect"], fixed["hedged"], fixed["decision"]) == ("affects", "false", "")
    assert {"a", "d"}.isdisjoint(paths(exported(db, undecided=True)))
    assert len(exported(db, undecided=True)) == len(records) - 2


def test_standing_decisions_on_concepts_and_articles_follow_the_claims(db: Path) -> None:
    claims = len(exported(db))
    on_article(db, "concern", "blog", "'=c")
    merged(db, "neurogenesis", "memory", days=1)
    article, merge = exported(db)[claims:]
    assert {name: value for name, value in article.items() if value} == {
        "standing_decision": "concern 2026-02-01",
        "title": "Title of =c",
        "published": "2025-05-05",
        "url": "https://example.org/=c",
        "source_id": "blog",
        "path": "'=c",
    }
    assert {name: value for name, value in merge.items() if value} == {
        "standing_decision": "merge 2026-02-02",
        "concept_id": "neurogenesis",
        "into_id": "memory",
    }
    assert len(exported(db, limit=100)) == claims


def test_options_choose_claims(db: Path) -> None:
    everything = exported(db)
    assert [row["subject_id"] for row in exported(db, subject_id="bdnf")] == ["bdnf"]
    assert {row["object_id"] for row in exported(db, object_id="memory")} == {"memory"}
    assert len(exported(db, subject_id="irisin", object_id="memory")) == 1
    assert exported(db, rule="verb") == everything
    assert exported(db, limit=2) == everything[:2]


def test_claims_are_found_by_the_concept_they_were_given(db: Path) -> None:
    decided(db, "d", "fix", {"new_object_id": "neurogenesis"})
    assert paths(exported(db, object_id="neurogenesis")) == ["d"]
    assert "d" in paths(exported(db, object_id="bdnf"))


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"subject_id": "irisine"}, r"No concept is called 'irisine'\. Did you mean irisin\?"),
        ({"object_id": "zzz"}, r"No concept is called 'zzz'\.$"),
        ({"rule": "verbs"}, r"No rule is called 'verbs'\. Did you mean verb\?"),
    ],
)
def test_a_name_that_is_not_there_is_told(db: Path, option: dict[str, str], message: str) -> None:
    with pytest.raises(UnknownIdError, match=message):
        exported(db, None, **option)
    assert not (db.parent / "review.csv").exists()


def test_the_same_database_gives_the_same_file(db: Path) -> None:
    exported(db, db.parent / "one.csv")
    exported(db, db.parent / "other.csv")
    assert (db.parent / "one.csv").read_bytes() == (db.parent / "other.csv").read_bytes()


def test_an_empty_database_gives_a_header(tmp_path: Path) -> None:
    publish(tmp_path / "c.duckdb")
    assert exported(tmp_path / "c.duckdb") == []
    assert (tmp_path / "review.csv").read_text(encoding="utf-8-sig") == ",".join(COLUMNS) + "\n"


def test_an_export_that_fails_leaves_nothing(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(value: object) -> str:
        raise RuntimeError("the power went off")

    monkeypatch.setattr("pipeline.evidence.review.cell", failing)
    with pytest.raises(RuntimeError, match="power"):
        exported(db)
    assert os.listdir(db.parent) == ["c.duckdb"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (Form().content([{"decision": "accept"}, {"decision": ""}]), "holds decisions in 1 rows, which would be lost"),
        (b"my notes", "exists and cannot be read as a review without decisions"),
        ("decision,claim_id\nreject,caf\xe9\n".encode("latin-1"), "exists and cannot be read as a review"),
    ],
)
def test_a_file_with_decisions_is_not_overwritten(db: Path, content: bytes, message: str) -> None:
    file = db.parent / "mine.csv"
    file.write_bytes(content)
    with connect(db) as connection, pytest.raises(OutputNotWritableError, match=message):
        write_review(connection, file)
    assert file.read_bytes() == content


def test_a_review_without_decisions_is_written_anew(db: Path) -> None:
    file = db.parent / "mine.csv"
    file.touch()
    with connect(db) as connection:
        assert write_review(connection, file) == write_review(connection, file) == len(exported(db))
    with file.open(encoding="utf-8-sig", newline="") as content:
        assert list(csv.DictReader(content)) == exported(db)


def test_a_folder_that_cannot_be_written_to_is_told(db: Path) -> None:
    with connect(db) as connection, pytest.raises(OutputNotWritableError, match="Cannot write"):
        write_review(connection, db / "review.csv")
