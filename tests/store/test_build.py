"""What a build stores: the same articles in any way of handing them in give the same tables."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.records import Alias, Concept, Extraction, Reject, Source, Stage
from pipeline.store import Build, InconsistentExtractionError, schema
from pipeline.store.build import RunRow
from tests.store.stories import (
    AFFECTS,
    CONCEPTS,
    DECREASES,
    INCREASES,
    MOMENT,
    NO_CHANGE,
    Says,
    dump,
    publish,
    rows,
    sources,
    stored_order,
    told,
)

ARTICLES = (
    told("a", INCREASES, Says("increases", object="memory"), triple=True),
    told("b", DECREASES, NO_CHANGE, source_id="trial"),
    told("c", AFFECTS),
)
REJECT = Reject("blog", "broken.pdf", Stage.READING, "the file ends early; fetch it again", "sha")


def add_in_batches(db: Path, *batches: tuple[Extraction, ...]) -> None:
    with Build(db, "key 1") as build:
        build.add_sources(sources(*ARTICLES))
        build.add_concepts(CONCEPTS, ())
        for batch in batches:
            build.add(batch)
        build.finish(RunRow(MOMENT, MOMENT))
        build.publish()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    """What the database holds when the articles are added in one batch."""
    db = tmp_path_factory.mktemp("plain") / "c.duckdb"
    add_in_batches(db, ARTICLES)
    return dump(db)


@pytest.mark.parametrize(
    "batches",
    [
        [ARTICLES[::-1]],
        [(article,) for article in ARTICLES],
        [ARTICLES[1:], ARTICLES[:1]],
        [ARTICLES, ARTICLES],
        [ARTICLES, (), ARTICLES[::-1]],
        [ARTICLES + ARTICLES],
    ],
    ids=["reversed", "one by one", "two batches", "twice", "twice and nothing between", "twice in one batch"],
)
def test_order_batches_and_repeats_make_no_difference(
    tmp_path: Path, plain: dict[str, list[tuple[Any, ...]]], batches: list[tuple[Extraction, ...]]
) -> None:
    add_in_batches(tmp_path / "c.duckdb", *batches)
    assert dump(tmp_path / "c.duckdb") == plain


def test_everything_of_a_record_is_stored(tmp_path: Path) -> None:
    says = Says("increases", negated=True, hedged=True)
    article = told("notes/a.md", says, triple=True)
    publish(tmp_path / "c.duckdb", article)
    (claim,), (sentence, evidence) = article.claims, article.sentences
    assert rows(tmp_path / "c.duckdb", "SELECT * FROM claims") == [
        (
            *(claim.claim_id, claim.document_id, evidence.sentence_id, "irisin", "bdnf", "increases", True, True),
            *(
                "may",
                "not",
                "increases",
                "",
                "",
                "",
                "",
                "",
                "",
                "verb",
                0.9,
                *[""] * 4,
                claim.char_start,
                claim.char_end,
            ),
        )
    ]
    assert rows(tmp_path / "c.duckdb", "SELECT * FROM sentences ORDER BY ordinal") == [
        (s.sentence_id, s.document_id, s.ordinal, "Results", s.block, s.text, s.char_start, s.char_end, seconds)
        for s, seconds in ((sentence, None), (evidence, 75.0))
    ]
    assert rows(tmp_path / "c.duckdb", "SELECT triple_id, outcome_effect, negated, claim_ids FROM triples") == [
        (article.triples[0].triple_id, "increases", True, [claim.claim_id])
    ]
    assert rows(tmp_path / "c.duckdb", "SELECT reason, text FROM dropped") == [("menu", "Recent posts")]
    assert rows(tmp_path / "c.duckdb", "SELECT text, concept_id FROM mentions ORDER BY char_start")[0] == ("This", None)
    assert rows(tmp_path / "c.duckdb", "SELECT fetched_at, path, superseded_by FROM documents") == [
        (MOMENT.replace(tzinfo=None), "notes/a.md", None)
    ]


def test_a_triple_without_claims_has_an_empty_list(tmp_path: Path) -> None:
    article = told("a", INCREASES, triple=True)
    publish(tmp_path / "c.duckdb", replace(article, triples=(replace(article.triples[0], claim_ids=()),)))
    assert rows(tmp_path / "c.duckdb", "SELECT claim_ids FROM triples") == [([],)]


def test_evidence_offsets_count_code_points_in_sql(tmp_path: Path) -> None:
    publish(
        tmp_path / "c.duckdb",
        told("a", Says("increases", sentence="Naïve 🧠 β-cells: irisin ↑ BDNF."), opening="é🏃\u0301."),
    )
    query = "SELECT substring(text, s.char_start + 1, s.char_end - s.char_start) = s.text FROM documents d JOIN "
    assert rows(tmp_path / "c.duckdb", query.replace("text, ", "d.text, ") + "sentences s USING (document_id)") == [
        (True,),
        (True,),
    ]


def test_a_run_over_nothing_new_adds_its_row_and_touches_nothing_else(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, *ARTICLES, rejects=[REJECT])
    before = stored_order(db)
    with Build(db, "key 1") as build:
        known = build.known()
        assert {place: known[place].sha256 for place in known} == {
            (e.article.source_id, e.article.path): e.article.sha256 for e in ARTICLES
        }
        build.add_sources(sources(*ARTICLES))
        build.add_concepts(CONCEPTS, (Alias("irisin", "FNDC5", "exact", origin="hgnc"), Alias("bdnf", "BDNF")))
        build.add([])
        build.add_rejects([REJECT])
        build.set_lineages({})
        build.finish(RunRow(MOMENT, MOMENT, {"duckdb": "2"}, {"unchanged": 3}))
        build.publish()
    assert stored_order(db) == before
    assert len(rows(db, "SELECT * FROM runs")) == 2
    assert rows(db, "SELECT versions['duckdb'], counts['unchanged'] FROM runs WHERE counts['unchanged'] > 0") == [
        ("2", 3)
    ]


@pytest.mark.parametrize(("key", "label"), [("views_other", "irisin"), (None, "of another program")])
def test_views_of_another_program_are_written_anew_and_those_of_this_one_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str | None, label: str
) -> None:
    db = tmp_path / "c.duckdb"
    with monkeypatch.context() as patch:
        if key:
            patch.setattr(schema, "views_key", lambda: key)
        publish(db, *ARTICLES)
    with duckdb.connect(db) as connection:
        connection.execute("CREATE OR REPLACE VIEW consensus AS SELECT 'of another program' AS subject")
    publish(db, *ARTICLES)
    assert {subject for (subject,) in rows(db, "SELECT subject FROM consensus")} == {label}


def test_a_changed_article_supersedes_its_old_version_which_stays(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    old, new = told("a", INCREASES), told("a", DECREASES)
    publish(db, old)
    publish(db, new)
    assert dict(rows(db, "SELECT document_id, superseded_by FROM documents")) == {
        old.article.document_id: new.article.document_id,
        new.article.document_id: None,
    }
    assert len(rows(db, "SELECT * FROM claims")) == 2
    assert rows(db, "SELECT claim_id FROM evidence") == [(new.claims[0].claim_id,)]
    assert rows(db, "SELECT direction, documents, claims FROM consensus") == [("decreases", 1, 1)]
    assert rows(db, "SELECT * FROM conflicts") == []


def test_a_text_that_comes_back_is_current_again(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    old, new = told("a", INCREASES), told("a", DECREASES)
    for version in (old, new, old):
        publish(db, version)
    assert dict(rows(db, "SELECT document_id, superseded_by FROM documents")) == {
        old.article.document_id: None,
        new.article.document_id: old.article.document_id,
    }
    assert rows(db, "SELECT direction FROM consensus") == [("increases",)]
    with Build(db, "key 1") as build:
        assert [document.document_id for document in build.known().values()] == [old.article.document_id]


def test_another_pipeline_replaces_the_rows_of_a_document(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    before = told("a", INCREASES, NO_CHANGE, triple=True)
    publish(db, before, lineages={"a": "lin_kept"})
    after = replace(before, claims=before.claims[:1], triples=(), mentions=())
    publish(db, after, pipeline_key="key 2")
    assert rows(db, "SELECT document_id, pipeline_key, superseded_by, lineage_id FROM documents") == [
        (after.article.document_id, "key 2", None, "lin_kept")
    ]
    assert rows(db, "SELECT claim_id FROM claims") == [(after.claims[0].claim_id,)]
    assert rows(db, "SELECT (SELECT count(*) FROM triples), (SELECT count(*) FROM mentions)") == [(0, 0)]
    assert len(rows(db, "SELECT * FROM sentences")) == 3


def test_the_same_claim_twice_is_stored_once_as_first_said(tmp_path: Path) -> None:
    article = told("a", INCREASES)
    twice = replace(article, claims=(article.claims[0], replace(article.claims[0], rule="another")))
    publish(tmp_path / "c.duckdb", twice)
    assert rows(tmp_path / "c.duckdb", "SELECT rule FROM claims") == [("verb",)]


def test_a_new_vocabulary_takes_the_place_of_the_old(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, *ARTICLES)
    with Build(db, "key 1") as build:
        build.add_concepts(
            [Concept("il6", "exerkine", "myokine", "interleukin-6")], [Alias("il6", "IL-6", polarity=-1)]
        )
        build.publish()
    assert rows(db, "SELECT concept_id, class FROM concepts") == [("il6", "myokine")]
    assert rows(db, "SELECT concept_id, text, case_rule, polarity FROM concept_aliases") == [("il6", "IL-6", "any", -1)]


def test_sources_of_earlier_runs_stay_and_changed_ones_are_updated(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, *ARTICLES)
    with Build(db, "key 1") as build:
        build.add_sources([Source("blog", "A better title", "folder", "blog", "review")])
        build.publish()
    assert rows(db, "SELECT source_id, title, tier, pattern FROM sources ORDER BY 1") == [
        ("blog", "A better title", "review", "**/*"),
        ("trial", "The trial", "trial", "**/*"),
    ]


@pytest.mark.parametrize(
    ("second_run", "left"),
    [
        ({"rejects": [REJECT]}, [("broken.pdf", "the file ends early; fetch it again")]),
        ({"rejects": [replace(REJECT, reason="no text in it")]}, [("broken.pdf", "no text in it")]),
        ({"rejects": []}, []),
        ({"rejects": [], "articles": [told("broken.pdf", INCREASES)]}, []),
        ({"rejects": [], "articles": [told("x", INCREASES, source_id="elsewhere")]}, [("broken.pdf", REJECT.reason)]),
    ],
    ids=["again", "another reason", "gone", "mended", "its source was not run"],
)
def test_rejects_are_those_of_the_last_run_of_their_source(
    tmp_path: Path, second_run: dict[str, list[Extraction]], left: list[tuple[str, str]]
) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, *ARTICLES, rejects=[REJECT])
    ((first_run,),) = rows(db, "SELECT since_run FROM rejects")
    publish(db, *second_run.get("articles", ARTICLES), rejects=second_run["rejects"])  # type: ignore[arg-type]
    assert rows(db, "SELECT path, reason FROM rejects") == left
    if left and left[0][1] == REJECT.reason:
        assert rows(db, "SELECT since_run FROM rejects") == [(first_run,)]


def test_a_reject_whose_file_name_is_not_utf_8_is_stored_with_a_question_mark(tmp_path: Path) -> None:
    reject = replace(REJECT, path="caf\udce9.txt")
    publish(tmp_path / "c.duckdb", *ARTICLES, rejects=[reject])
    assert rows(tmp_path / "c.duckdb", "SELECT path FROM rejects") == [("caf?.txt",)]


def test_exact_copies_must_be_numbered(tmp_path: Path) -> None:
    one, other = told("a", INCREASES, opening="Same."), told("b", INCREASES, opening="Same.")
    with Build(tmp_path / "c.duckdb", "key 1") as build:
        with pytest.raises(InconsistentExtractionError, match=r"blog:b and blog:a have the same id doc_\w+\. Exact"):
            build.add([one, other])
        build.add([one])
        with pytest.raises(InconsistentExtractionError, match="which blog:a has already"):
            build.add([other])
        assert build.totals()["documents"] == 1


def test_numbered_copies_keep_their_numbers_over_runs(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    articles = [told(path, INCREASES, opening="Same.").article for path in "abc"]
    with Build(db, "key 1") as build:
        assert [a.copy_ordinal for a in build.numbered(articles[1:2])] == [0]
        assert [a.copy_ordinal for a in build.numbered(articles)] == [1, 0, 2]
        numbered = build.numbered(articles)
        build.add([Extraction(article, (), (), (), ()) for article in numbered[:2]])
        build.publish()
    with Build(db, "key 1") as build:
        assert [a.copy_ordinal for a in build.numbered(articles[::-1])] == [2, 0, 1]
        assert len({a.document_id for a in build.numbered(articles)}) == 3


def test_a_failing_batch_leaves_nothing_of_itself(tmp_path: Path) -> None:
    broken = replace(ARTICLES[0], sentences=())
    with Build(tmp_path / "c.duckdb", "key 1") as build:
        with pytest.raises(InconsistentExtractionError, match="blog:a: mention 'This' stands in unknown sentence"):
            build.add([ARTICLES[1], broken])
        assert build.totals()["documents"] == 0


def test_totals_count_current_versions(tmp_path: Path) -> None:
    db = tmp_path / "c.duckdb"
    publish(db, told("a", INCREASES))
    with Build(db, "key 1") as build:
        build.add([told("a", DECREASES, NO_CHANGE), told("b", AFFECTS)])
        totals = build.totals()
    assert {name: totals[name] for name in ("documents", "sentences", "claims", "lineages", "consensus")} == {
        "documents": 2,
        "sentences": 5,
        "claims": 3,
        "lineages": 2,
        "consensus": 1,
    }
