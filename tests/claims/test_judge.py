"""The judge: thresholds, calibration, reasons, and tables that it refuses."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.claims.candidates import Candidate
from pipeline.claims.features import LED_THROUGH
from pipeline.claims.judge import BIAS, Judge, JudgeError, load_judge
from pipeline.claims.relations import Relation
from pipeline.records import Effect
from pipeline.single_text import claims_of

HALVES = ((0.0, 0.0), (0.5, 0.4), (1.0, 0.9))
JUDGE = Judge(
    {BIAS: -1.0, "good": 4.0, "bad": -4.0},
    {BIAS: (0.0, 0.0, 0.0), "up": (5.0, 0.0, 0.0), "down": (0.0, 5.0, 0.0)},
    HALVES,
    "",
)
RULE = Relation("irisin", "bdnf", Effect.DECREASES, "", "", "lowers", "verb", 1)


def candidate(*features: str, relations: tuple[Relation, ...] = (), negations: tuple[str, ...] = ()) -> Candidate:
    return Candidate("irisin", "bdnf", relations, features, 1, negations)


def test_a_pair_without_a_rule_is_claimed_where_link_and_effect_are_likely() -> None:
    verdict = JUDGE.decide(candidate("good", "up"))
    assert (verdict.is_kept, verdict.effect) == (True, Effect.INCREASES)
    assert verdict.reasons == "good +4.00"
    assert not JUDGE.decide(candidate("good")).is_kept, "nothing tells the direction"
    assert not JUDGE.decide(candidate("up")).is_kept


def test_what_a_rule_found_keeps_its_effect_and_is_left_out_only_where_hardly_anybody_would_agree() -> None:
    assert JUDGE.decide(candidate("good", "up", relations=(RULE,))).effect is Effect.DECREASES
    assert JUDGE.decide(candidate("up", relations=(RULE,))).is_kept
    assert not JUDGE.decide(candidate("bad", "up", relations=(RULE,))).is_kept


@pytest.mark.parametrize("feature", [LED_THROUGH, "forward between but", "forward between whereas"])
def test_the_judge_adds_nothing_by_transitivity_or_over_a_contrast(feature: str) -> None:
    assert not JUDGE.decide(candidate("good", "up", feature)).is_kept


def test_the_judge_adds_nothing_that_is_denied() -> None:
    assert not JUDGE.decide(candidate("good", "up", negations=("not",))).is_kept


@given(st.lists(st.floats(0, 1), min_size=2, max_size=20))
def test_calibration_never_turns_the_order_round(scores: list[float]) -> None:
    shares = [JUDGE.calibrated(score) for score in sorted(scores)]
    assert shares == sorted(shares)
    assert all(0 <= share <= 0.9 for share in shares)


def test_the_shipped_judge_tells_a_plain_statement_from_mere_company() -> None:
    (claim,) = claims_of("Exercise increases BDNF.")
    assert claim.confidence > 0.6
    assert claim.reasons
    assert claims_of("We measured BDNF and irisin, memory and mood in both groups.") == []


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("judge.tsv", "feature\tlink\n", "found the columns"),
        ("judge.tsv", "feature\tlink\tincreases\tdecreases\taffects\nx\t1\t1\tmany\t0\n", "judge.tsv line 2"),
        ("judge.tsv", "feature\tlink\tincreases\tdecreases\taffects\nx\t1\t1\t1\t0\n", "has no row"),
        ("calibration.tsv", "score\tshare\n0\t0\n", "found 1 points"),
    ],
)
def test_a_bad_table_is_named(tmp_path: Path, name: str, text: str, message: str) -> None:
    weights = f"feature\tlink\tincreases\tdecreases\taffects\n{BIAS}\t0\t0\t0\t0\n"
    (tmp_path / "judge.tsv").write_text(weights)
    (tmp_path / "calibration.tsv").write_text("score\tshare\n0\t0\n1\t1\n")
    assert len(load_judge(tmp_path).calibration) == 2
    load_judge.cache_clear()
    (tmp_path / name).write_text(text)
    with pytest.raises(JudgeError, match=message):
        load_judge(tmp_path)
