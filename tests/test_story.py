"""What the starter articles say together, told from their database; and what five articles of the field say."""

from pathlib import Path
from typing import Any

import pytest

import pipeline
from pipeline.run_report import RunReport
from tests.store.stories import rows


def verdict(db: Path, subject: str, target: str) -> dict[str, Any]:
    """The consensus row of a pair."""
    with pipeline.connect(db) as connection:
        result = connection.execute("FROM consensus WHERE subject_id = ? AND object_id = ?", [subject, target])
        names = [column[0] for column in result.description]
        (row,) = result.fetchall()
    return dict(zip(names, row, strict=True))


def paths(db: Path, condition: str) -> list[str]:
    return [path for (path,) in rows(db, f"SELECT DISTINCT path FROM evidence WHERE {condition} ORDER BY path")]


@pytest.fixture(scope="module")
def db(starter_run: RunReport) -> Path:
    return starter_run.db


def test_a_consensus_all_kinds_of_articles_agree_that_exercise_raises_bdnf(db: Path) -> None:
    agreed = verdict(db, "exercise", "bdnf")
    assert (agreed["verdict"], agreed["direction"]) == ("consensus", "increases")
    assert (agreed["opposition"], agreed["conflict"]) == (0, 0)
    # six articles say so, but one of them is a reprint of another
    assert (agreed["articles_increase"], agreed["increases"], agreed["lineages"]) == (6, 5, 5)


def test_a_copied_article_the_reprint_is_the_blog_again_and_adds_nothing(db: Path, root: Path, tmp_path: Path) -> None:
    said = rows(
        db,
        "SELECT a.path, b.path, reason, measure > 0.8 FROM lineage_joins "
        "JOIN documents a ON a.document_id = document_a JOIN documents b ON b.document_id = document_b "
        "WHERE starts_with(a.path, 'how-your') OR starts_with(b.path, 'how-your') ORDER BY reason",
    )
    articles = {"how-your-muscles-help-you-remember.html", "muscle-and-memory.html"}
    assert {frozenset(join[:2]) for join in said} == {frozenset(articles)}
    assert [(reason, is_much) for _, _, reason, is_much in said] == [("near copy", True), ("reproduces", True)]
    catalog = (root / "sources/catalog.toml").read_text(encoding="utf-8")
    tables = [table for table in catalog.split("[[source]]") if "wellness_mirror" not in table]
    (tmp_path / "catalog.toml").write_text(
        "[[source]]".join(tables).replace('"articles/', f'"{root}/sources/articles/'), encoding="utf-8"
    )
    without = pipeline.run(tmp_path / "catalog.toml", tmp_path / "claims.duckdb").db
    counts = (
        "subject_id, object_id, verdict, direction, support, opposition, conflict, lineages, increases, null_results"
    )
    query = f"SELECT {counts} FROM consensus ORDER BY ALL"
    assert rows(without, query) == rows(db, query)


def test_a_contested_claim_irisin_and_the_density_of_bone(db: Path) -> None:
    contested = verdict(db, "irisin", "bone_density")
    assert contested["verdict"] == "contested"
    assert contested["increases"] >= 2 and contested["decreases"] >= 1
    strongest = rows(
        db,
        "SELECT kind, verdict, effect_a, effect_b, sentence_b FROM conflicts "
        "WHERE subject_id = 'irisin' AND object_id = 'bone_density' ORDER BY rank LIMIT 1",
    )
    assert strongest == [
        (
            "opposite direction",
            "stands",
            "increases",
            "decreases",
            "Irisin decreased bone mineral density by 9% in treated mice compared with saline (p < 0.001).",
        )
    ]


def test_a_conflict_that_depends_on_context_il6_inflames_mice_and_calms_people(db: Path) -> None:
    two_faced = verdict(db, "il6", "inflammation")
    assert two_faced["verdict"] == "context-dependent"
    assert "species" in two_faced["explained_by"]
    sides = rows(
        db,
        "SELECT DISTINCT species_a, effect_a, species_b, effect_b FROM conflicts "
        "WHERE subject_id = 'il6' AND object_id = 'inflammation' AND place = 'between lineages'",
    )
    assert sides == [("mouse", "increases", "human", "decreases")]


def test_what_holds_in_mice_was_not_found_in_people_cathepsin_b_and_memory(db: Path) -> None:
    differs = verdict(db, "cathepsin_b", "memory")
    assert differs["verdict"] == "context-dependent"
    assert "species" in differs["explained_by"]
    assert (differs["increases"], differs["null_results"]) == (2, 1)


def test_a_null_result_the_trial_found_no_effect_of_strength_training_on_bdnf(db: Path) -> None:
    nothing = verdict(db, "resistance_training", "bdnf")
    assert (nothing["direction"], nothing["null_results"], nothing["increases"]) == ("none", 1, 0)
    assert nothing["opposition"] == 1.25  # a trial, 1.00, that is randomized, 1.25
    assert paths(db, "negated AND subject_id = 'resistance_training' AND object_id = 'bdnf'") == [
        "resistance-training-and-memory.nxml"
    ]


def test_a_null_result_disputes_a_claim_strength_training_and_memory(db: Path) -> None:
    disputed = verdict(db, "resistance_training", "memory")
    assert disputed["verdict"] in ("contested", "context-dependent")
    assert (disputed["increases"], disputed["null_results"]) == (2, 1)


def test_a_podcast_note_turns_the_null_result_of_the_trial_it_names_into_a_gain(db: Path) -> None:
    drifted = rows(
        db,
        "SELECT changed, named_as, effect_article, negated_work FROM drift "
        "WHERE subject_id = 'resistance_training' AND object_id = 'memory'",
    )
    assert len(drifted) == 1
    assert drifted[0][0].startswith("denial lost")
    assert drifted[0][1:] == ("a trial in older adults", "increases", True)


def test_what_the_note_repeats_rightly_counts_for_the_trial(db: Path) -> None:
    said = verdict(db, "resistance_training", "igf1")
    assert (said["verdict"], said["articles_increase"], said["increases"]) == ("consensus", 3, 2)


def test_a_glossary_is_one_voice(db: Path) -> None:
    joined = rows(db, "SELECT path, reasons FROM lineage_members WHERE tier = 'glossary' ORDER BY path")
    assert joined == [
        ("cathepsin-b.txt", "one publisher's reference pages: Interleukin-6 (movement glossary)"),
        ("interleukin-6.txt", "one publisher's reference pages: Cathepsin B (movement glossary)"),
    ]


def test_what_is_said_of_kinds_of_training_rolls_up_to_exercise(db: Path) -> None:
    ((own, rolled, refined_by),) = rows(
        db,
        "SELECT own_lineages, rolled_lineages, refined_by FROM refinement "
        "WHERE subject_id = 'exercise' AND object_id = 'bdnf'",
    )
    assert rolled > own
    assert "aerobic_exercise → bdnf" in refined_by and "resistance_training → bdnf" in refined_by
    ((own_nulls, rolled_nulls),) = rows(
        db,
        "SELECT own_null_results, rolled_null_results FROM refinement "
        "WHERE subject_id = 'exercise' AND object_id = 'bdnf'",
    )
    assert (own_nulls, rolled_nulls) == (0, 1)


@pytest.fixture(scope="module")
def seeds(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pipeline.run(shared / "articles/seeds", tmp_path_factory.mktemp("seeds") / "claims.duckdb").db


def test_two_pages_of_one_glossary_are_known_by_the_furniture_they_share(seeds: Path) -> None:
    lineages = rows(seeds, "SELECT list(left(path, 3) ORDER BY path) FROM documents GROUP BY lineage_id ORDER BY ALL")
    assert lineages == [(["000"],), (["001"],), (["002", "004"],), (["003"],)]
    ((reason,),) = rows(seeds, "SELECT reason FROM lineage_joins")
    assert reason == "one publisher's reference pages"


def test_both_faces_of_il6_meet_in_conflicts(seeds: Path) -> None:
    met = rows(
        seeds, "SELECT effect_a, effect_b FROM conflicts WHERE subject_id = 'il6' AND object_id = 'inflammation'"
    )
    assert met == [("increases", "decreases")]


def test_what_the_seeds_say_of_bdnf_agrees(seeds: Path) -> None:
    about = "(subject_id = 'bdnf' OR object_id = 'bdnf')"
    assert rows(seeds, f"SELECT * FROM conflicts WHERE {about}") == []
    assert rows(seeds, f"SELECT * FROM consensus WHERE {about} AND opposition > 0") == []
    assert rows(seeds, f"SELECT * FROM consensus WHERE {about} AND verdict = 'consensus'")


def test_the_worked_example_of_the_readme(db: Path) -> None:
    voices = rows(
        db,
        "SELECT says, statements, tier_weight::DOUBLE, design_weight::DOUBLE, weight::DOUBLE FROM voices "
        "WHERE subject_id = 'resistance_training' AND object_id = 'memory' ORDER BY weight",
    )
    assert voices == [
        ("increases", 1, 0.4, 1.0, 0.4),
        ("increases", 1, 0.5, 1.0, 0.5),
        ("no effect", 4, 1.0, 1.25, 1.25),
    ]
    worked = verdict(db, "resistance_training", "memory")
    assert (worked["support"], worked["opposition"], round(worked["conflict"], 2)) == (0.9, 1.25, 0.84)
    assert (worked["verdict"], worked["direction"]) == ("contested", "none")
