"""Noun phrases near concepts that link to nothing."""

from pathlib import Path

import pytest

from pipeline.evaluation.unlinked import main


def test_phrases_at_words_of_effect_are_counted_over_articles(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("A cold shower increases dopamine and improves mood. Exercise improves memory.\n")
    (tmp_path / "b.txt").write_text(
        "We know that a cold shower raises dopamine and mood. The dog saw BDNF and memory.\n"
    )
    (tmp_path / "c.txt").write_text("Green tea improves memory and mood.\n")
    assert main([str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "articles\ttimes\tphrase\texample"
    assert [line.split("\t")[:3] for line in lines[1:]] == [["2", "2", "cold shower"]]


def test_a_missing_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none")]) == 2
    assert main([]) == 2
    assert "none" in capsys.readouterr().err
