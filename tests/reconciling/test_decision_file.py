"""Files of decisions that cannot be used: each problem is told with its line, its column and what was expected."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.reconciling.curation import CurationError, import_decisions
from pipeline.reconciling.decision_file import SHOWN
from tests.reconciling.reviewing import Cells, Form, exported, imported, merged, row_of
from tests.store.stories import DECREASES, INCREASES, publish, rows, told


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three articles, two of one lineage; neurogenesis is merged into memory. No test changes it."""
    path = tmp_path_factory.mktemp("files") / "c.duckdb"
    articles = (told("a", INCREASES, source_id="trial"), told("b", DECREASES), told("copy of b", DECREASES))
    publish(path, *articles, lineages={"b": "lin_b", "copy of b": "lin_b"})
    merged(path, "neurogenesis", "memory")
    return path


@pytest.fixture(scope="module")
def records(db: Path) -> list[Cells]:
    return exported(db)


def problems(db: Path, content: bytes | list[Cells], form: Form = Form()) -> list[str]:  # noqa: B008
    """What is wrong with a file; nothing of it may be applied."""
    before = db.read_bytes()
    file = db.parent / "reviewed.csv"
    file.write_bytes(content if isinstance(content, bytes) else form.content(content))
    with pytest.raises(CurationError) as raised:
        import_decisions(db, file)
    assert db.read_bytes() == before
    assert str(raised.value).startswith(f"{file}: {len(raised.value.problems)} problem")
    return [str(problem) for problem in raised.value.problems]


# What is wrong with a file as a whole: its bytes, and what is told.
FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the file is empty; expected a header, as `myoclaims curate export` writes it"),
    "only delimiters": (b"\xef\xbb\xbf;;;\r\n,,\r\n\r\n", "the file is empty; expected a header"),
    "latin 1": (
        "decision,note,claim_id\r\n,caf\xe9,\r\n".encode("latin-1"),
        "line 2: byte 29 of the file, 0xe9, is not UTF-8; save the file as “CSV UTF-8”",
    ),
    "utf 16": (
        "decision,note\r\n".encode("utf-16"),
        "line 1: byte 1 of the file, 0xff, is not UTF-8; save the file as",
    ),
    "no header": (b"accept,evi_1,a\r\n", "line 1: decision: no such column in the header (accept, evi_1, a); expected"),
    "no decision": (b"\r\nnote,claim_id\r\n", "line 2: decision: no such column in the header (note, claim_id)"),
    "nothing to decide on": (
        b"decision,note,subject_id\r\naccept,,irisin\r\n",
        "line 1: no column says what was decided on (decision, note, subject_id); expected evidence_key and",
    ),
    "a column twice": (
        b"decision,claim_id,Decision\r\n",
        "line 1: decision: the column is there twice; expected it once",
    ),
    "an open quote": (
        b'decision,claim_id\r\n\r\naccept,"clm_1\r\nreject,clm_2\r\n',
        "line 3: the record is no CSV (unexpected end of data); expected cells in double quotes to end with one",
    ),
    "text behind a quote": (b'decision;claim_id\n"accept"ed;clm_1\n', "line 2: the record is no CSV (';' expected"),
    "more cells than columns": (
        b'decision,claim_id,note\r\n,,"two\r\nlines"\r\naccept,clm_1,well, that is so\r\n',
        "line 4: found ' that is so' beyond the last column; the header has 3 columns; put a text that holds",
    ),
}


@pytest.mark.parametrize(("content", "expected"), FILES.values(), ids=FILES)
def test_a_file_that_cannot_be_read_is_told(db: Path, content: bytes, expected: str) -> None:
    (problem,) = problems(db, content)
    assert problem.startswith(expected)


def test_a_file_that_is_not_there_is_told(db: Path) -> None:
    with pytest.raises(CurationError, match=r"none\.csv: 1 problem.*\n  the file cannot be read \(No such file"):
        import_decisions(db, db.parent / "none.csv")


ACTIONS = "accept, reject, fix, retracted, concern, cleared, merge, withdraw"
STAY = "the cells that identify a claim must stay as exported"

# What is wrong with a row: the cells that differ from those of the exported claim of article b, and what is told.
ROWS: dict[str, tuple[Cells, str]] = {
    "unknown decision": ({"decision": "aprove"}, f"decision: found 'aprove'; expected one of {ACTIONS}, or nothing"),
    "fix without a value": (
        {"decision": "fix"},
        "decision: found fix without any new value; expected the right value in one or more of new_subject_id",
    ),
    "fix that changes nothing": (
        {"decision": "fix", "new_effect": "decreases", "new_negated": "FALSE", "new_hedged": "0"},
        "decision: found fix with what was extracted already (decreases, false, false); expected a new value that",
    ),
    "fix to a concept on itself": (
        {"decision": "fix", "new_object_id": "irisin"},
        "decision: found a fix after which 'irisin' is subject and object; expected two concepts",
    ),
    "unknown subject": (
        {"decision": "fix", "new_subject_id": "irisine"},
        "new_subject_id: found 'irisine'; expected a concept_id of the table concepts; did you mean 'irisin'?",
    ),
    "label for an id": (
        {"decision": "fix", "new_object_id": "Brain-derived neurotrophic factor"},
        "new_object_id: found 'Brain-derived neurotrophic factor'; expected a concept_id of the table concepts; "
        "did you mean 'bdnf'?",
    ),
    "like no concept": (
        {"decision": "fix", "new_object_id": "zzz"},
        "new_object_id: found 'zzz'; expected a concept_id of the table concepts",
    ),
    "wrong effect": (
        {"decision": "fix", "new_effect": "raises"},
        "new_effect: found 'raises'; expected one of increases, decreases, affects",
    ),
    "wrong boolean": ({"decision": "fix", "new_hedged": "maybe"}, "new_hedged: found 'maybe'; expected true or false"),
    "new value without fix": (
        {"decision": "accept", "new_effect": "affects"},
        "new_effect: found 'affects'; expected nothing beside accept (to change what was extracted",
    ),
    "edited subject": (
        {"decision": "accept", "subject_id": "bdnf"},
        f"subject_id: found 'bdnf'; expected 'irisin': {STAY}",
    ),
    "edited effect": (
        {"decision": "accept", "effect": "increases"},
        f"effect: found 'increases'; expected 'decreases': {STAY}",
    ),
    "edited to no effect": (
        {"decision": "accept", "effect": "lowers"},
        f"effect: found 'lowers'; expected one of increases, decreases, affects; {STAY}",
    ),
    "edited negation": ({"decision": "accept", "negated": "true"}, f"negated: found 'true'; expected false: {STAY}"),
    "edited to no boolean": ({"decision": "accept", "negated": "n"}, "negated: found 'n'; expected true or false"),
    "edited sentence": (
        {"decision": "accept", "sentence": "irisin decreases BDNF!"},
        f"sentence: found 'irisin decreases BDNF!'; expected 'irisin decreases bdnf.': {STAY}",
    ),
    "edited path": ({"decision": "accept", "path": "B"}, f"path: found 'B'; expected 'b': {STAY}"),
    "edited key": ({"decision": "accept", "evidence_key": "evi_0"}, "evidence_key: found 'evi_0'; expected 'evi_"),
    "edited, of an unknown claim": (
        {"decision": "accept", "claim_id": "clm_0", "evidence_key": "evi_0"},
        "evidence_key: evi_0 is not the key of sentence, subject_id, effect, object_id, negated, source_id and path in",
    ),
    "emptied": (
        {"decision": "accept", "claim_id": "", "evidence_key": "", "sentence": "", "object_id": ""},
        "sentence: no claim of the database has this claim_id or evidence_key, and sentence, object_id is empty",
    ),
    "unknown source": (
        {"decision": "accept", "claim_id": "", "evidence_key": "", "source_id": "blogs"},
        "source_id: found 'blogs'; expected a source with articles in the database: blog, trial",
    ),
    "unknown article": (
        {"decision": "accept", "claim_id": "", "evidence_key": "", "path": "copy of  b"},
        "path: found 'copy of  b'; expected the path of an article of blog in the database; did you mean 'copy of b'?",
    ),
    "nothing to withdraw": (
        {"decision": "withdraw"},
        "decision: found withdraw, but nothing stands here to take back; expected a decision that stands",
    ),
    "claim with a concept": (
        {"decision": "reject", "concept_id": "bdnf"},
        "concept_id: found 'bdnf'; expected nothing beside a claim",
    ),
    "retraction in the row of a claim": (
        {"decision": "retracted"},
        "claim_id: found 'clm_",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "expected"), ROWS.values(), ids=ROWS)
def test_a_wrong_row_is_told_with_line_and_column(db: Path, records: list[Cells], cells: Cells, expected: str) -> None:
    fine = row_of(records, "a") | {"decision": "accept", "note": "two\nlines"}
    (problem,) = problems(db, [fine, row_of(records, "b") | cells], Form(delimiter=";"))
    assert problem.startswith(f"line 4: {expected}")


# The same for rows without a claim.
OTHERS: dict[str, tuple[list[Cells], str]] = {
    "merge of nothing": (
        [{"decision": "merge", "into_id": "bdnf"}],
        "line 2: concept_id: the cell is empty; expected a concept_id of the table concepts",
    ),
    "merge into an unknown concept": (
        [{"decision": "merge", "concept_id": "bdnf", "into_id": "memmory"}],
        "line 2: into_id: found 'memmory'; expected a concept_id of the table concepts; did you mean 'memory'?",
    ),
    "merge into itself": (
        [{"decision": "merge", "concept_id": "bdnf", "into_id": "bdnf"}],
        "line 2: into_id: found 'bdnf'; expected another concept than concept_id",
    ),
    "merge in a circle with what stands": (
        [
            {"decision": "merge", "concept_id": "irisin", "into_id": "neurogenesis"},
            {"decision": "merge", "concept_id": "memory", "into_id": "neurogenesis"},
        ],
        "line 3: into_id: found a circle of merges: memory → neurogenesis → memory; expected the merges to end",
    ),
    "merge into two": (
        [
            {"decision": "merge", "concept_id": "bdnf", "into_id": "irisin"},
            {"decision": "merge", "concept_id": "bdnf", "into_id": "memory"},
        ],
        "line 3: decision: found 'merge memory', but line 2 says 'merge irisin'; expected one decision on the same "
        "concept",
    ),
    "nothing merged to withdraw": (
        [{"decision": "withdraw", "concept_id": "bdnf"}],
        "line 2: decision: found withdraw, but nothing stands here to take back",
    ),
    "unknown article": (
        [{"decision": "retracted", "source_id": "trial", "path": "aa"}],
        "line 2: path: found 'aa'; expected the path of an article of trial in the database; did you mean 'a'?",
    ),
    "no article at all": (
        [{"decision": "cleared"}],
        "line 2: source_id: the cell is empty; expected a source with articles in the database: blog, trial",
    ),
    "withdraw of nothing": (
        [{"decision": "withdraw"}],
        "line 2: source_id: the cell is empty; expected a source with articles in the database: blog, trial",
    ),
    "no status to withdraw": (
        [{"decision": "withdraw", "source_id": "trial", "path": "a"}],
        "line 2: decision: found withdraw, but nothing stands here to take back",
    ),
    "retracted and cleared": (
        [
            {"decision": "retracted", "source_id": "blog", "path": "b"},
            {"decision": "cleared", "source_id": "blog", "path": "b"},
        ],
        "line 3: decision: found 'cleared', but line 2 says 'retracted'; expected one decision on the same article",
    ),
    "article with a concept": (
        [{"decision": "retracted", "source_id": "blog", "path": "b", "into_id": "bdnf"}],
        "line 2: into_id: found 'bdnf'; expected nothing beside an article",
    ),
}


@pytest.mark.parametrize(("content", "expected"), OTHERS.values(), ids=OTHERS)
def test_a_wrong_row_on_a_concept_or_article_is_told(db: Path, content: list[Cells], expected: str) -> None:
    (problem,) = problems(db, content)
    assert problem.startswith(expected)


def test_a_circle_within_one_file_is_told_for_each_of_its_rows(db: Path) -> None:
    circle = ["irisin", "bdnf", "memory"]
    content: list[Cells] = [
        {"decision": "merge", "concept_id": one, "into_id": other}
        for one, other in zip(circle, circle[1:] + circle[:1], strict=True)
    ]
    assert [problem.partition(";")[0] for problem in problems(db, content)] == [
        "line 2: into_id: found a circle of merges: irisin → bdnf → memory → irisin",
        "line 3: into_id: found a circle of merges: bdnf → memory → irisin → bdnf",
        "line 4: into_id: found a circle of merges: memory → irisin → bdnf → memory",
    ]


def test_a_circle_may_be_opened_and_closed_elsewhere_in_one_file(db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "c.duckdb"
    copy.write_bytes(db.read_bytes())
    imported(
        copy,
        [
            {"decision": "merge", "concept_id": "memory", "into_id": "neurogenesis"},
            {"decision": "withdraw", "concept_id": "neurogenesis"},
        ],
    )
    assert rows(copy, "FROM merged_concepts") == [("memory", "neurogenesis")]


@pytest.mark.parametrize("path", ["b", "copy of b"])
def test_rows_that_contradict_each_other_are_told(db: Path, records: list[Cells], path: str) -> None:
    content = [row_of(records, "b") | {"decision": "reject"}, row_of(records, path) | {"decision": "accept"}]
    (problem,) = problems(db, content)
    assert problem.startswith(
        "line 3: decision: found 'accept', but line 2 says 'reject'; expected one decision on the same sentence"
    )
    assert (", here and in its copy b" in problem) == (path == "copy of b")


def test_all_problems_are_listed_up_to_a_number(db: Path, records: list[Cells]) -> None:
    wrong = [row_of(records, "b") | {"decision": f"wrong {number}"} for number in range(SHOWN + 7)]
    found = problems(db, wrong)
    assert len(found) == SHOWN + 7
    with pytest.raises(CurationError) as raised:
        imported(db, wrong)
    lines = str(raised.value).splitlines()
    assert len(lines) == 1 + SHOWN + 1
    assert lines[0].endswith(f": {SHOWN + 7} problems; nothing was applied.")
    assert lines[-1] == "  … and 7 more"


def test_rows_without_a_decision_may_hold_anything(db: Path, records: list[Cells]) -> None:
    emptied: Callable[[Cells], Cells] = lambda row: row | {"sentence": "?", "negated": "perhaps", "path": ""}  # noqa: E731
    assert not imported(db, [emptied(row) for row in records]).is_published
