"""Figures: counted as the outside scorer counts, and above the floor on the development passages."""

import json
import os
from pathlib import Path

import pytest

from pipeline.claims.extractor import Extractor
from pipeline.evaluation.evaluate import Tally, evaluate
from pipeline.evaluation.gold import GoldError, read_kinds

SHARED = Path(os.environ.get("MYOCLAIMS_SHARED", Path(__file__).parents[3] / "shared"))
EVALUATION = SHARED / "evaluation"


def test_a_tally_counts_optional_finds_neither_way() -> None:
    tally = Tally()
    tally.add(gold={1, 2}, optional={3}, found={1, 3, 4})
    assert (tally.tp, tally.fp, tally.fn) == (1, 1, 1)
    assert (tally.precision, tally.recall, tally.f1) == (0.5, 0.5, 0.5)


def test_figures_of_a_passage_written_for_the_purpose(tmp_path: Path, extractor: Extractor) -> None:
    (tmp_path / "a.txt").write_text("Irisin increases BDNF. Exercise may improve memory. Sleep improves mood.\n")
    links = [
        {"s": 1, "subject": "irisin", "object": "bdnf", "effect": "increases", "negated": False, "hedged": False},
        {"s": 2, "subject": "exercise", "object": "memory", "effect": "increases", "negated": False, "hedged": True},
        {"s": 2, "subject": "exercise", "object": "anxiety", "effect": "decreases", "negated": False, "hedged": True},
    ]
    (tmp_path / "a.json").write_text(json.dumps({"id": "a", "links": links, "triples": []}))
    report = evaluate(tmp_path, tmp_path, extractor, links_file=tmp_path / "l.csv", triples_file=tmp_path / "t.csv")
    found = report.tallies["links"]
    assert (found.tp, found.fp, found.fn) == (2, 1, 1)
    assert (report.hedging_right, report.hedging_all) == (2, 2)
    assert "a,exercise,memory,increases,False,True" in (tmp_path / "l.csv").read_text()
    assert "links" in report.table()
    reliability = report.reliability()
    assert reliability["found"].sum() == 3
    assert reliability["mean"].between(0, 1).all()


def test_a_folder_without_gold_or_a_passage_without_text_is_said(tmp_path: Path, extractor: Extractor) -> None:
    with pytest.raises(GoldError, match=r"holds no \.json file"):
        evaluate(tmp_path, tmp_path, extractor)
    (tmp_path / "a.json").write_text('{"links": [], "triples": []}')
    with pytest.raises(GoldError, match="has no text for a"):
        evaluate(tmp_path, tmp_path, extractor)
    with pytest.raises(GoldError, match="no annotated passage named b"):
        evaluate(tmp_path, tmp_path, extractor, only=["b"])
    (tmp_path / "kinds.tsv").write_text("passage\tkind\n")
    with pytest.raises(GoldError, match="expected id and kind"):
        read_kinds(tmp_path / "kinds.tsv")
    (tmp_path / "a.json").write_text('{"links": 3}')
    with pytest.raises(GoldError, match=r"a\.json: not an annotated passage"):
        evaluate(tmp_path, tmp_path, extractor)


@pytest.mark.skipif(not EVALUATION.is_dir(), reason=f"no annotated passages in {EVALUATION}")
def test_the_development_passages_are_above_the_floor(extractor: Extractor) -> None:
    report = evaluate(EVALUATION / "gold", EVALUATION / "passages", extractor)
    assert report.tallies["links"].f1 >= 0.45
    assert report.tallies["links"].precision >= 2 * report.tallies["co-occurrence"].precision
