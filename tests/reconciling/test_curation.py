"""Decisions: what each does to evidence, verdicts and triples, what they hold for, and how they are taken back."""

import csv
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from shutil import copyfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.evidence.cells import cell
from pipeline.reconciling import renew_verdicts
from pipeline.reconciling.curation import CurationError, Verdict, import_decisions
from pipeline.reconciling.decision_file import Row
from pipeline.records import Citation, Concept, Evidence, Extraction
from pipeline.store import Build, DatabaseBusyError, DatabaseMissingError, connect
from pipeline.store.build import RunRow
from pipeline.store.sketch import LineageJoin
from tests.reconciling.reviewing import (
    LATER,
    Cells,
    Form,
    consensus,
    decided,
    exported,
    imported,
    merged,
    on_article,
    row_of,
    state,
)
from tests.store.stories import DECREASES, INCREASES, MOMENT, Says, publish, rows, told

RAISED = Says("increases", sentence="Irisin raised BDNF (+12\N{NO-BREAK SPACE}%).")
LOWERED = Says("decreases", sentence="@rest, irisin lowered “BDNF”,\nand more.")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two trials that part, a review with a triple, and one article whose path begins like a formula."""
    path = tmp_path_factory.mktemp("curation") / "c.duckdb"
    publish(
        path,
        told("a", RAISED, source_id="trial"),
        told("b", LOWERED, source_id="trial"),
        told("c", Says("increases", object="memory"), Says("increases", hedged=True), source_id="review", triple=True),
        told("=d", Says("affects", negated=True, object="memory")),
    )
    return path


@pytest.fixture
def db(published: Path, tmp_path: Path) -> Path:
    return copyfile(published, tmp_path / "c.duckdb")


def ids(db: Path, relation: str, key: str = "claim_id") -> set[str]:
    return {id_ for (id_,) in rows(db, f"SELECT {key} FROM {relation}")}


# What each decision does


def test_a_rejected_claim_no_longer_counts(db: Path) -> None:
    claim_id = row_of(exported(db), "b")["claim_id"]
    assert consensus(db) == ("contested", "increases", 1.45, 1.0)
    report = decided(db, "b", "reject", {"note": "about mice", "reviewer": "R. Eviewer"})
    assert report.decisions == {"reject": 1}
    assert consensus(db) == ("consensus", "increases", 1.45, 0.0)
    assert claim_id not in ids(db, "evidence")
    assert claim_id in ids(db, "claims")
    assert not rows(db, "FROM conflicts WHERE object_id = 'bdnf'")
    assert rows(db, "SELECT action, note, reviewer, rule, decided_at, withdrawn_at, path FROM decisions") == [
        ("reject", "about mice", "R. Eviewer", "verb", LATER.replace(tzinfo=None), None, "b")
    ]
    assert rows(db, "SELECT went_because FROM claim_history WHERE went_because <> ''") == [("curation",)]


def test_the_report_has_the_verdict_before_and_after(db: Path) -> None:
    report = decided(db, "b", "reject")
    (change,) = report.verdicts
    assert (change.subject, change.mechanism, change.object) == ("irisin", "", "brain-derived neurotrophic factor")
    assert change.before == Verdict("contested", "increases", 1.45, 1.0)
    assert change.after == Verdict("consensus", "increases", 1.45, 0.0)
    assert str(report).splitlines() == [
        "Decisions added: 1 reject",
        "Verdicts changed: 1",
        "  irisin → brain-derived neurotrophic factor",
        "    before  contested, increases (support 1.45, opposition 1)",
        "    after   consensus, increases (support 1.45, opposition 0)",
    ]


def test_what_is_built_from_a_rejected_claim_does_not_stand(db: Path) -> None:
    assert len(ids(db, "triple_evidence", "triple_id")) == 1
    report = decided(db, "c", "reject")
    assert ids(db, "triple_evidence", "triple_id") == ids(db, "triple_consensus", "myokine_id") == set()
    assert [(change.mechanism, change.after) for change in report.verdicts] == [
        ("", report.verdicts[0].after),
        ("neurogenesis", None),
    ]
    assert "    after   no verdict" in str(report)


def test_an_accepted_claim_is_marked_and_counts_as_before(db: Path) -> None:
    before = state(db)
    report = decided(db, "a", "accept")
    assert (report.decisions, report.verdicts) == ({"accept": 1}, ())
    assert rows(db, "SELECT decision FROM evidence WHERE path = 'a'") == [("accept",)]
    after = state(db)
    assert {name for name in before if before[name] != after[name]} == {"evidence"}


FIXES: list[tuple[Cells, tuple[Any, ...]]] = [
    ({"new_effect": "Increases"}, ("irisin", "increases", "bdnf", False, False)),
    ({"new_negated": "TRUE"}, ("irisin", "decreases", "bdnf", True, False)),
    ({"new_hedged": "1"}, ("irisin", "decreases", "bdnf", False, True)),
    ({"new_object_id": "memory", "new_subject_id": "bdnf"}, ("bdnf", "decreases", "memory", False, False)),
    ({"new_subject_id": "bdnf", "new_object_id": "irisin"}, ("bdnf", "decreases", "irisin", False, False)),
    ({"new_effect": "affects", "new_negated": "false"}, ("irisin", "affects", "bdnf", False, False)),
]


@pytest.mark.parametrize(("new", "expected"), FIXES, ids=[" ".join(new.values()) for new, _ in FIXES])
def test_a_fixed_claim_counts_as_fixed(db: Path, new: Cells, expected: tuple[Any, ...]) -> None:
    claim_id = row_of(exported(db), "b")["claim_id"]
    decided(db, "b", "fix", new)
    of_claim = f"WHERE claim_id = '{claim_id}'"
    columns = "subject_id, effect, object_id, negated, hedged"
    assert rows(db, f"SELECT {columns}, decision FROM evidence {of_claim}") == [(*expected, "fix")]
    says = "no effect" if expected[3] else expected[1]
    assert rows(
        db, f"SELECT subject_id, says, object_id, hedged FROM statements WHERE statement_id = '{claim_id}'"
    ) == [(expected[0], says, expected[2], expected[4])]
    assert rows(db, f"SELECT effect, negated FROM claims {of_claim}") == [("decreases", False)]


def test_a_fixed_direction_moves_the_verdict_and_ends_the_conflict(db: Path) -> None:
    decided(db, "b", "fix", {"new_effect": "increases"})
    assert consensus(db) == ("consensus", "increases", 2.45, 0.0)
    assert not rows(db, "FROM conflicts WHERE object_id = 'bdnf'")


@pytest.mark.parametrize(("new", "triples"), [({"new_hedged": "false"}, 1), ({"new_effect": "decreases"}, 0)])
def test_a_triple_outlasts_a_fix_of_the_hedging_alone(db: Path, new: Cells, triples: int) -> None:
    decided(db, "c", "fix", new)
    assert len(rows(db, "FROM triple_evidence")) == len(rows(db, "FROM triple_consensus")) == triples


def test_a_merged_concept_counts_as_the_other_everywhere(db: Path) -> None:
    merged(db, "neurogenesis", "bdnf")
    assert rows(db, "SELECT mechanism_id, mechanism FROM triple_evidence") == [
        ("bdnf", "brain-derived neurotrophic factor")
    ]
    assert rows(db, "SELECT mechanism_id FROM triple_consensus") == [("bdnf",)]
    report = merged(db, "bdnf", "memory", days=1)
    assert report.decisions == {"merge": 1}
    assert rows(db, "SELECT DISTINCT object_id FROM evidence") == [("memory",)]
    assert rows(db, "FROM triple_evidence") == []  # a mechanism that is its own outcome
    assert rows(db, "SELECT * FROM merged_concepts ORDER BY ALL") == [("bdnf", "memory"), ("neurogenesis", "memory")]


def test_what_is_said_of_members_counts_for_what_their_class_became(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    classes = (Concept("factors", "exerkine", "class", "factors"), Concept("myokines", "exerkine", "class", "myokines"))
    irisin = Concept("irisin", "exerkine", "myokine", "irisin", broader_id="factors")
    with Build(db, "key 1") as build:
        build.add_concepts((*classes, irisin), ())
        build.add([told("a", INCREASES)])
        renew_verdicts(build)
        build.finish(RunRow(MOMENT, MOMENT))
        build.publish()
    assert rows(db, "SELECT subject_id, rolled_direction FROM refinement") == [("factors", "increases")]
    merged(db, "factors", "myokines")
    assert rows(db, "SELECT subject_id, rolled_direction FROM refinement") == [("myokines", "increases")]


def test_what_becomes_a_claim_of_a_concept_on_itself_is_left_out(db: Path) -> None:
    merged(db, "bdnf", "irisin")
    assert rows(db, "SELECT DISTINCT subject_id, object_id FROM evidence") == [("irisin", "memory")]


def test_merges_chain_and_each_can_be_taken_back(db: Path) -> None:
    before = state(db)
    merged(db, "bdnf", "neurogenesis")
    merged(db, "neurogenesis", "memory", days=1)
    assert rows(db, "SELECT DISTINCT object_id FROM evidence") == [("memory",)]
    imported(db, [{"decision": "withdraw", "concept_id": "neurogenesis"}], days=2)
    assert rows(db, "SELECT DISTINCT object_id FROM evidence ORDER BY ALL") == [("memory",), ("neurogenesis",)]
    imported(db, [{"decision": "withdraw", "concept_id": "bdnf", "into_id": "neurogenesis"}], days=3)
    assert state(db) == before


def test_a_fix_follows_merges(db: Path) -> None:
    decided(db, "b", "fix", {"new_object_id": "neurogenesis"})
    merged(db, "neurogenesis", "memory", days=1)
    assert rows(db, "SELECT object_id FROM evidence WHERE path = 'b'") == [("memory",)]


STATUSES = [("retracted", None, "none"), ("concern", 0.5, "decreases"), ("cleared", 1.0, "decreases")]


@pytest.mark.parametrize(("decision", "opposition", "direction"), STATUSES)
def test_a_decision_on_an_article_lowers_its_claims(
    db: Path, decision: str, opposition: float | None, direction: str
) -> None:
    report = on_article(db, decision, "trial", "b")
    assert report.decisions == {decision: 1}
    assert consensus(db) == ("contested" if opposition else "consensus", "increases", 1.45, opposition or 0.0)
    status = "" if decision == "cleared" else decision
    assert rows(db, "SELECT article_status FROM evidence WHERE path = 'b'") == [(status,)]
    assert bool(report.verdicts) == (decision != "cleared")


def test_clearing_outweighs_what_the_article_declares(db: Path) -> None:
    b = told("b", LOWERED, source_id="trial")
    publish(db, replace(b, article=replace(b.article, notice="retracted")))
    assert consensus(db) == ("consensus", "increases", 1.45, 0.0)
    on_article(db, "cleared", "trial", "b")
    assert consensus(db) == ("contested", "increases", 1.45, 1.0)
    on_article(db, "withdraw", "trial", "b", days=1)
    assert consensus(db) == ("consensus", "increases", 1.45, 0.0)


def test_a_retraction_reaches_copies_and_the_articles_that_go_back_to_it(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    work, copy = told("work", INCREASES, source_id="trial"), told("copy", INCREASES, source_id="press")
    tale = told("tale", INCREASES)
    work = replace(work, article=replace(work.article, identifiers=("doi:10.1/work",)))
    tale = replace(tale, article=replace(tale.article, citations=(Citation("doi:10.1/work", words="the study"),)))
    publish(db, work, copy, tale, told("other", INCREASES), lineages={"work": "lin_w", "copy": "lin_w"})
    first, second = sorted((work.article.document_id, copy.article.document_id))
    with Build(db, "key 1") as build:
        build.set_lineage_joins([LineageJoin(first, second, "near copy", 0.9)])
        renew_verdicts(build)
        build.finish(RunRow(MOMENT, MOMENT))
        build.publish()
    before = state(db)
    assert consensus(db) == ("consensus", "increases", 1.4, 0.0)
    on_article(db, "retracted", "trial", "work")
    assert consensus(db) == ("single lineage", "increases", 0.4, 0.0)
    assert rows(db, "SELECT path, status FROM document_statuses JOIN documents USING (document_id) ORDER BY path") == [
        ("copy", "retracted"),
        ("work", "retracted"),
    ]
    assert rows(db, "SELECT DISTINCT went_because FROM claim_history WHERE to_run IS NOT NULL") == [("article status",)]
    on_article(db, "concern", "press", "copy", days=1)
    assert rows(db, "SELECT status FROM document_statuses JOIN documents USING (document_id) ORDER BY path") == [
        ("concern",),
        ("retracted",),
    ]
    on_article(db, "withdraw", "press", "copy", days=2)
    on_article(db, "withdraw", "trial", "work", days=3)
    assert state(db) == before


def test_a_notice_that_only_an_older_version_had_is_taken_back(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    old = told("a", INCREASES)
    publish(db, replace(old, article=replace(old.article, notice="retracted")))
    assert consensus(db) is None
    publish(db, told("a", INCREASES, opening="Revised."))
    assert consensus(db) == ("single lineage", "increases", 0.4, 0.0)


def test_precision_of_a_rule_follows_from_decisions(db: Path) -> None:
    assert rows(db, "SELECT DISTINCT rule_precision, rule_judged FROM evidence") == [(None, 0)]
    decided(db, "a", "accept")
    decided(db, "b", "reject", days=1)
    decided(db, "c", "fix", {"new_hedged": "false"}, days=2)
    assert rows(db, "SELECT DISTINCT rule_precision, rule_judged FROM evidence") == [(0.3333, 3)]
    assert rows(db, "SELECT rule, judged, accepted, fixed, rejected FROM rule_precision") == [("verb", 3, 1, 1, 1)]
    decided(db, "b", "withdraw", days=3)
    assert rows(db, "SELECT DISTINCT rule_precision, rule_judged FROM evidence") == [(0.5, 2)]


# What a decision holds for


def claims_left(db: Path) -> list[str]:
    return [path for (path,) in rows(db, "SELECT path FROM evidence ORDER BY path")]


def test_a_rejection_holds_for_copies_and_not_for_others_with_the_same_sentence(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    shouted = replace(RAISED, sentence=RAISED.text.upper().replace("\N{NO-BREAK SPACE}", "  "))
    articles = [
        told("a", RAISED),
        told("copy", shouted),
        told("other", RAISED),
        told("x", replace(RAISED, effect="affects")),
    ]
    publish(db, *articles, lineages={"a": "lin_a", "copy": "lin_a", "x": "lin_a"})
    decided(db, "a", "reject")
    assert claims_left(db) == ["other", "x"]
    assert row_of(exported(db), "copy")["standing_decision"] == "reject 2026-02-01"


def test_a_rejection_holds_for_later_versions_and_other_pipelines(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, told("a", RAISED), told("b", RAISED))
    decided(db, "a", "reject")
    publish(db, told("a", RAISED, DECREASES, opening="A new version, quite unlike."))
    assert rows(db, "SELECT path, effect FROM evidence ORDER BY ALL") == [("a", "decreases"), ("b", "increases")]
    publish(db, told("a", RAISED, DECREASES, opening="A new version, quite unlike."), pipeline_key="key 2")
    assert rows(db, "SELECT path, effect FROM evidence ORDER BY ALL") == [("a", "decreases"), ("b", "increases")]
    publish(db, told("a", opening="Nothing left."))
    publish(db, told("a", RAISED, opening="And back."))
    assert claims_left(db) == ["b"]


def test_a_decision_holds_for_both_places_where_an_article_repeats_itself(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, told("a", RAISED, RAISED))
    one, other = exported(db)
    assert one["claim_id"] != other["claim_id"] and one["evidence_key"] == other["evidence_key"]
    imported(db, [one | {"decision": "reject"}, other])
    assert claims_left(db) == []


def test_a_decision_from_another_database_is_known_by_its_evidence(db: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "c.duckdb"
    publish(other, told("b", Says("increases"), LOWERED, source_id="trial", opening="An older version."))
    row = next(row for row in exported(other) if row["effect"] == "decreases")
    assert row["claim_id"] not in ids(db, "claims")
    imported(db, [row | {"decision": "reject"}])
    assert consensus(db) == ("consensus", "increases", 1.45, 0.0)


@pytest.mark.parametrize("kept", [("claim_id",), ("evidence_key", "source_id", "path")])
def test_a_known_claim_needs_no_more_than_what_names_it(db: Path, kept: Sequence[str]) -> None:
    row = row_of(exported(db), "b")
    imported(db, [{"decision": "reject"} | {column: row[column] for column in kept}])
    assert consensus(db) == ("consensus", "increases", 1.45, 0.0)


def test_cells_alone_will_do(db: Path) -> None:
    row = row_of(exported(db), "b")
    imported(db, [row | {"decision": "reject", "claim_id": "", "evidence_key": ""}])
    assert consensus(db) == ("consensus", "increases", 1.45, 0.0)


# How decisions follow each other


def test_a_new_decision_replaces_the_standing_one_and_nothing_is_deleted(db: Path) -> None:
    decided(db, "b", "reject")
    report = decided(db, "b", "accept", days=1)
    assert (report.decisions, report.replaced, report.withdrawn) == ({"accept": 1}, 1, 0)
    assert consensus(db) == ("contested", "increases", 1.45, 1.0)
    assert rows(db, "SELECT action, withdrawn_at IS NULL FROM decisions ORDER BY decided_at") == [
        ("reject", False),
        ("accept", True),
    ]


def test_everything_can_be_taken_back(db: Path) -> None:
    before = state(db)
    records = [row_of(exported(db), path) for path in "abc"]
    first = [
        records[0] | {"decision": "accept"},
        records[1] | {"decision": "reject"},
        records[2] | {"decision": "fix", "new_effect": "affects"},
        {"decision": "merge", "concept_id": "memory", "into_id": "neurogenesis"},
        {"decision": "retracted", "source_id": "review", "path": "c"},
    ]
    assert imported(db, first).decisions == {"accept": 1, "fix": 1, "merge": 1, "reject": 1, "retracted": 1}
    assert state(db) != before
    standing = exported(db)
    assert sorted(row["standing_decision"] for row in standing if row["standing_decision"]) == [
        "accept 2026-02-01",
        "fix 2026-02-01: effect affects",
        "merge 2026-02-01",
        "reject 2026-02-01",
        "retracted 2026-02-01",
    ]
    back = [row | {"decision": "withdraw"} for row in standing if row["standing_decision"]]
    report = imported(db, back, days=1)
    assert (report.decisions, report.withdrawn) == ({}, 5)
    assert state(db) == before
    assert rows(db, "SELECT count(*), count(withdrawn_at) FROM decisions") == [(5, 5)]
    assert not any(row["standing_decision"] for row in exported(db))


def test_what_stands_by_a_copy_can_be_replaced_and_taken_back_there(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, told("a", RAISED), told("copy", RAISED), lineages={"a": "lin_a", "copy": "lin_a"})
    decided(db, "a", "reject")
    assert decided(db, "copy", "accept", days=1).replaced == 1
    assert claims_left(db) == ["a", "copy"]
    assert decided(db, "a", "withdraw", days=2).withdrawn == 1
    assert rows(db, "SELECT count(*) FROM claim_decisions") == [(0,)]
    both = [row | {"decision": "reject"} for row in exported(db)]
    assert imported(db, both, days=3).decisions == {"reject": 2}
    assert imported(db, both, days=4).unchanged == 2


def test_importing_a_file_again_changes_nothing(db: Path) -> None:
    records = [
        row_of(exported(db), "b") | {"decision": "fix", "new_effect": "increases", "note": "misread"},
        {"decision": "merge", "concept_id": "memory", "into_id": "neurogenesis"},
        {"decision": "concern", "source_id": "blog", "path": "'=d"},
    ]
    imported(db, records)
    before, runs = db.read_bytes(), rows(db, "FROM runs")
    report = imported(db, records, days=1)
    assert (report.decisions, report.unchanged, report.verdicts, report.is_published) == ({}, 3, (), False)
    assert str(report).endswith("Nothing changed; the database is as it was.")
    assert db.read_bytes() == before
    assert rows(db, "FROM runs") == runs


def test_an_untouched_export_changes_nothing(db: Path) -> None:
    before = db.read_bytes()
    report = imported(db, exported(db))
    assert not report.is_published
    assert db.read_bytes() == before


def test_new_values_without_a_decision_are_left_alone_and_told(db: Path) -> None:
    report = imported(db, [row | {"new_effect": "affects"} for row in exported(db)][:2])
    assert report.overlooked == (2, 3)
    assert "left alone (to use them, write fix): line 2, 3" in str(report)


def test_an_import_is_a_run_of_its_own_kind(db: Path) -> None:
    publish(db, told("e", INCREASES), pipeline_key="key 7")
    decided(db, "b", "reject")
    assert rows(db, "SELECT ordinal, kind, pipeline_key, counts['reject'] FROM runs ORDER BY ordinal") == [
        (1, "run", "key 1", None),
        (2, "run", "key 7", None),
        (3, "curation", "key 7", 1),
    ]


def test_the_reviewer_of_the_row_goes_before_the_one_who_imports(db: Path) -> None:
    records = exported(db)
    records = [
        row_of(records, "a") | {"decision": "accept", "reviewer": "A"},
        row_of(records, "b") | {"decision": "accept"},
    ]
    file = db.parent / "signed.csv"
    file.write_bytes(Form().content(records))
    import_decisions(db, file, reviewer="B")
    assert rows(db, "SELECT path, reviewer FROM decisions ORDER BY path") == [("a", "A"), ("b", "B")]


# The files that spreadsheets write

FORMS = {
    "as exported": Form(),
    "no mark": Form(encoding="utf-8"),
    "semicolon": Form(delimiter=";"),
    "tab and line feed": Form(delimiter="\t", line_end="\n", encoding="utf-8"),
    "carriage return": Form(line_end="\r"),
    "all quoted": Form(quoting=csv.QUOTE_ALL, line_end="\n"),
    "upper case": Form(delimiter=";", booleans={"true": "TRUE", "false": "FALSE"}),
    "title case": Form(booleans={"true": "True", "false": "False"}),
    "numbers": Form(booleans={"true": "1", "false": "0"}),
    "words": Form(booleans={"true": "yes", "false": "No"}),
    "other order": Form(columns=lambda names: sorted(names, reverse=True)),
    "extra columns": Form(columns=lambda names: ["mine", "", *names, "", "yours"]),
    "no more than needed": Form(
        columns=lambda names: [n for n in names if n not in ("title", "url", "verdict", "hedged", "claim_id")]
    ),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_any_spreadsheet_will_do(db: Path, form: Form) -> None:
    records = [row | {"mine": "x", "yours": ""} for row in exported(db)]
    empty = dict.fromkeys(records[0], "")
    for record in records:
        record["decision"] = (
            "reject " if record["effect"] == "decreases" else "Accept" if record["negated"] == "true" else ""
        )
        record["note"] = "two\nlines; and, commas\t“quoted”"
    report = imported(db, [empty, *records[:1], empty, *records[1:], empty], form)
    assert report.decisions == {"accept": 1, "reject": 1}
    assert rows(db, "SELECT action, path, sentence, note FROM decisions ORDER BY path") == [
        ("accept", "=d", "irisin not affects memory.", "two\nlines; and, commas\t“quoted”"),
        ("reject", "b", LOWERED.text, "two\nlines; and, commas\t“quoted”"),
    ]
    assert consensus(db) == ("consensus", "increases", 1.45, 0.0)


def test_a_line_that_names_the_delimiter_and_empty_lines_at_the_top_do_no_harm(db: Path) -> None:
    content = Form(delimiter=";").content([row_of(exported(db), "b") | {"decision": "reject"}])
    file = db.parent / "excel.csv"
    file.write_bytes(b"\xef\xbb\xbfsep=;\r\n;;;\r\n" + content.removeprefix(b"\xef\xbb\xbf"))
    assert import_decisions(db, file).decisions == {"reject": 1}


@given(st.text(max_size=30))
def test_whatever_a_cell_holds_its_text_is_found_again(text: str) -> None:
    text = text.replace("\0", "").strip()
    row = Row(1, {"sentence": str(cell(text))})

    def key(sentence: str) -> str:
        return Evidence(sentence, "irisin", "increases", "bdnf", False, "blog", "a").key

    assert key(text) in (key(row.cell("sentence")), key(row.raw("sentence")))


# Order makes no difference

SAYINGS = (
    INCREASES,
    DECREASES,
    Says("increases", hedged=True),
    Says("affects", negated=True),
    Says("increases", object="memory"),
)
PATHS = "abcde"
CHOICES = ("", "accept", "reject", "fix")


def articles(random: Random, version: int) -> list[Extraction]:
    return [
        told(
            path,
            *random.sample(SAYINGS, random.randint(1, 3)),
            source_id=tier,
            opening=f"This is {path}, version {random.randint(0, version)}.",
            triple=random.random() < 0.5,
        )
        for path, tier in zip(PATHS, ("trial", "trial", "review", "blog", "press"), strict=True)
    ]


def filled_in(random: Random, records: list[Cells]) -> list[Cells]:
    """Some decisions; copies of one sentence, within a lineage, are decided alike."""
    chosen: dict[str, Cells] = {}
    for record in records:
        decision = random.choice(CHOICES)
        new = {"decision": decision} | ({"new_effect": "affects", "new_hedged": "true"} if decision == "fix" else {})
        if decision == "fix" and record["effect"] == "affects":
            new["new_effect"] = "decreases"
        record |= chosen.setdefault(record["sentence"], new)
    others: list[Cells] = [
        {"decision": "merge", "concept_id": "memory", "into_id": "neurogenesis"},
        {"decision": "merge", "concept_id": "neurogenesis", "into_id": "bdnf"},
        {"decision": "retracted", "source_id": "blog", "path": "d"},
        {"decision": "concern", "source_id": "trial", "path": "a"},
    ]
    return records + random.sample(others, random.randint(0, len(others)))


LINEAGES = {"a": "lin_a", "b": "lin_b", "c": "lin_a", "d": "lin_d", "e": "lin_d"}
EXAMPLES = 5  # each publishes several databases
SLOW = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SLOW
@given(random=st.randoms(use_true_random=False))
def test_curation_and_extraction_can_come_in_either_order(
    random: Random, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("order")
    one, other = folder / "one" / "c.duckdb", folder / "other" / "c.duckdb"
    first, second = articles(random, 0), articles(random, 1)
    publish(one, *first, lineages=LINEAGES)
    other.parent.mkdir()
    copyfile(one, other)
    records = filled_in(random, exported(one))
    imported(one, records)
    publish(one, *second, lineages=LINEAGES, pipeline_key="key 2")
    publish(other, *second, lineages=LINEAGES, pipeline_key="key 2")
    random.shuffle(records)
    imported(other, records)
    assert state(one) == state(other)
    assert rows(one, "FROM decisions ORDER BY ALL") == rows(other, "FROM decisions ORDER BY ALL")


@SLOW
@given(random=st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference_and_all_can_be_taken_back(
    random: Random, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    one, other = folder / "one" / "c.duckdb", folder / "other" / "c.duckdb"
    publish(one, *articles(Random(7), 0), lineages=LINEAGES)
    other.parent.mkdir()
    copyfile(one, other)
    before = state(one)
    records = filled_in(random, exported(one))
    imported(one, records)
    random.shuffle(records)
    imported(other, records)
    assert state(one) == state(other)
    back = [row | {"decision": "withdraw"} for row in exported(one) if row["standing_decision"]]
    imported(one, back, days=1)
    assert state(one) == before


# All or nothing, and nobody in the way


def test_one_wrong_row_and_nothing_is_applied(db: Path) -> None:
    before = db.read_bytes()
    records = [row | {"decision": "reject"} for row in exported(db)]
    records[-1]["decision"] = "rejects"
    with pytest.raises(CurationError, match="1 problem; nothing was applied"):
        imported(db, records)
    assert db.read_bytes() == before
    assert sorted(os.listdir(db.parent)) == ["c.duckdb", "review.csv", "reviewed.csv"]


def test_a_reader_keeps_its_snapshot(db: Path) -> None:
    with connect(db) as reader:
        query = "SELECT count(*) FROM evidence"
        before = reader.execute(query).fetchall()
        decided(db, "b", "reject")
        assert reader.execute(query).fetchall() == before
    assert rows(db, query) != before


def test_an_import_waits_for_no_run(db: Path) -> None:
    record = row_of(exported(db), "b") | {"decision": "reject"}
    with Build(db, "key 1"), pytest.raises(DatabaseBusyError, match="Another run is building"):
        imported(db, [record])


def test_there_must_be_a_database(db: Path, tmp_path: Path) -> None:
    record = row_of(exported(db), "b") | {"decision": "reject"}
    with pytest.raises(DatabaseMissingError):
        imported(tmp_path / "none.duckdb", [record])
    assert not (tmp_path / "none.duckdb").exists()
