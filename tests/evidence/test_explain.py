"""The story behind a claim or triple."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipeline.evidence.explain import explain
from pipeline.records import Citation, Context
from pipeline.store import UnknownIdError, connect
from tests.store.stories import DECREASES, INCREASES, NO_CHANGE, Says, publish, told

MOUSE = Context(species="mouse", study_design="randomized controlled trial")
TRIAL = told(
    "notes/a.md", replace(INCREASES, context=MOUSE), Says("increases", object="memory"), source_id="trial", triple=True
)
BLOG = told("b", replace(DECREASES, hedged=True, context=Context(species="human")), NO_CHANGE)
OLD = told("c", INCREASES)


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    db = tmp_path_factory.mktemp("explain") / "c.duckdb"
    publish(db, TRIAL, BLOG, OLD)
    publish(db, told("c", Says("affects", object="memory", sentence="Irisin\x1b[31m bears\non memory.")))
    with connect(db) as opened:
        yield opened


@pytest.mark.parametrize(
    "part",
    [
        "irisin increases brain-derived neurotrophic factor",
        "Title of notes/a.md (A. Author, 2025-05-05)",
        "notes/a.md, from The trial (tier trial)",
        f"document {TRIAL.article.document_id}, lineage lin_",
        "https://example.org/notes/a.md",
        f"characters {TRIAL.claims[0].char_start} to {TRIAL.claims[0].char_end}, section Results, at 01:15",
        "before   This is notes/a.md.",
        "EVIDENCE irisin increases bdnf mouse.",
        "after    irisin increases memory.",
        "cues     effect “increases”",
        "rule     verb, confidence 0.90",
        "context  species mouse, study design randomized controlled trial",
        "Verdict on irisin → brain-derived neurotrophic factor: contested (direction: increases)",
        "decreases      1         1   0.40    1.00     1.00   0.50    1.00   0.200",
        "increases      1         1   1.00    1.25     0.60   1.00    1.00   0.750",
        "no effect      1         1   0.40    1.00     1.00   1.00    1.00   0.400",
        "support     0.750",
        "opposition  0.600",
        "conflict    0.889",
        "At odds with 2 claims:",
        f"{BLOG.claims[0].claim_id}  opposite direction, between lineages, weight 0.200; "
        "stated differently: species mouse / human",
        "opposite direction, between lineages: context-dependent: species (1 against 1)",
    ],
)
def test_a_claim_is_explained_with(connection: duckdb.DuckDBPyConnection, part: str) -> None:
    assert part in explain(connection, TRIAL.claims[0].claim_id)


@pytest.mark.parametrize(
    "part",
    [
        "irisin increases neurogenesis, increases memory",
        "tied together within one passage",
        "EVIDENCE irisin increases bdnf mouse.",
        "EVIDENCE irisin increases memory.",
        TRIAL.claims[0].claim_id,
        TRIAL.claims[1].claim_id,
        "Verdict on irisin → neurogenesis → memory: single lineage (direction: increases)",
    ],
)
def test_a_triple_is_explained_with(connection: duckdb.DuckDBPyConnection, part: str) -> None:
    assert part in explain(connection, TRIAL.triples[0].triple_id)


def test_negation_and_hedging_show_their_cues(connection: duckdb.DuckDBPyConnection) -> None:
    hedged, negated = (explain(connection, claim.claim_id) for claim in BLOG.claims)
    assert "irisin decreases (hedged) brain-derived" in hedged
    assert "hedging “may”" in hedged
    assert "irisin affects (negated) brain-derived" in negated
    assert "negation “not”" in negated


def test_the_beginning_of_an_id_will_do(connection: duckdb.DuckDBPyConnection) -> None:
    claim_id = TRIAL.claims[0].claim_id
    assert explain(connection, f" {claim_id[:-2]} ") == explain(connection, claim_id)
    assert explain(connection, "tri_") == explain(connection, TRIAL.triples[0].triple_id)


def test_a_claim_of_an_old_version_says_that_it_is_not_counted(connection: duckdb.DuckDBPyConnection) -> None:
    told_so = explain(connection, OLD.claims[0].claim_id)
    assert "A newer version of the article, doc_" in told_so
    assert OLD.article.document_id.replace("doc_", "lin_") not in told_so.partition("Verdict")[2]


def test_articles_cannot_send_codes_to_the_terminal(connection: duckdb.DuckDBPyConnection) -> None:
    ((claim_id,),) = connection.execute(
        "SELECT claim_id FROM evidence WHERE effect = 'affects' AND NOT negated"
    ).fetchall()
    assert "EVIDENCE Irisin [31m bears on memory." in explain(connection, claim_id)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("clm_", r"6 ids begin with 'clm_': clm_\w+, .*Give more of the id"),
        ("clm_zzz", r"No claim or triple has the id 'clm_zzz'\. Ids look like clm_"),
        ("", "No claim or triple has the id ''"),
        ("clm_%", "No claim or triple"),
        ("' OR 1=1 --", "No claim or triple"),
    ],
)
def test_an_unknown_id_is_refused_with_a_hint(connection: duckdb.DuckDBPyConnection, given: str, message: str) -> None:
    with pytest.raises(UnknownIdError, match=message):
        explain(connection, given)


def test_explaining_reads_only(tmp_path: Path) -> None:
    publish(tmp_path / "c.duckdb", TRIAL)
    before = (tmp_path / "c.duckdb").read_bytes()
    with connect(tmp_path / "c.duckdb") as opened:
        explain(opened, "tri_")
    assert (tmp_path / "c.duckdb").read_bytes() == before


def test_a_text_is_not_at_odds_with_the_work_for_which_it_speaks(tmp_path: Path) -> None:
    paper = told("paper", INCREASES, NO_CHANGE, source_id="trial")
    paper = replace(paper, article=replace(paper.article, identifiers=("doi:10.1/one",)))
    blog = told("blog", INCREASES)
    named = (Citation("doi:10.1/one", words="one"), Citation("doi:10.1/two", words="two"))
    blog = replace(blog, article=replace(blog.article, citations=named))
    stranger = told("stranger", NO_CHANGE)
    publish(tmp_path / "c.duckdb", paper, blog, stranger)
    with connect(tmp_path / "c.duckdb") as connection:
        story = explain(connection, blog.claims[0].claim_id).partition("At odds with")[2]
    assert story.startswith(" 1 claim:")
    assert f"{stranger.claims[0].claim_id}  effect against null, between lineages" in story
