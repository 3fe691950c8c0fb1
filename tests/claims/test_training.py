"""Training the judge: annotations that fit together, labels, weights and calibration."""

import subprocess
from pathlib import Path

import pytest

from pipeline.claims.candidates import Candidate
from pipeline.claims.judge import BIAS, EFFECTS
from pipeline.claims.training.__main__ import claimed, judge_of, main
from pipeline.claims.training.fitting import Example, calibration, fit, rows
from pipeline.claims.training.passages import (
    Passage,
    SourceError,
    articles,
    hash_of,
    load_links,
    load_passages,
)
from pipeline.concepts.vocabulary import load_vocabulary
from pipeline.records import Effect


def example(*features: str, effect: Effect | None = None, passage: str = "p") -> Example:
    effects = frozenset({effect}) if effect else frozenset[Effect]()
    return Example(passage, Candidate("irisin", "bdnf", (), features, 1), effects)


TAUGHT = [
    *(example("raises", "near", effect=Effect.INCREASES) for _ in range(30)),
    *(example("lowers", "near", effect=Effect.DECREASES) for _ in range(30)),
    *(example("alters", "near", effect=Effect.AFFECTS) for _ in range(30)),
    *(example("far") for _ in range(90)),
]


def test_every_link_belongs_to_a_passage_and_names_known_concepts() -> None:
    passages = {passage.name for passage in load_passages()}
    concepts = load_vocabulary().concepts
    links = load_links()
    assert len(passages) > 1_000
    assert links.keys() <= passages
    assert {c for found in links.values() for link in found for c in (link.subject_id, link.object_id)} <= set(concepts)


def test_no_development_passage_is_trained_on(shared: Path) -> None:
    table = (shared / "evaluation/sources.tsv").read_text().splitlines()[1:]
    kept_apart = {(line.split("\t")[2], line.split("\t")[4]) for line in table if line.split("\t")[2]}
    assert kept_apart.isdisjoint({(passage.repository, passage.path) for passage in load_passages()})


def test_passages_of_one_article_are_in_one_fold() -> None:
    one, other = (Passage(name, "blog", "a/b", "c", "d.md", start, 9) for name, start in (("x", 0), ("y", 5)))
    assert one.fold == other.fold
    assert {passage.fold for passage in load_passages()} == set(range(5))


def test_the_models_learn_what_ties_and_which_way() -> None:
    judge = judge_of(fit(TAUGHT))
    assert judge.score(TAUGHT[0].candidate) > 0.7 > 0.3 > judge.score(TAUGHT[-1].candidate)
    assert [judge.best_effect(e.candidate)[0] for e in (TAUGHT[0], TAUGHT[30], TAUGHT[60])] == list(EFFECTS)
    assert list(claimed(judge, TAUGHT[0].candidate)) == [("irisin", "bdnf", Effect.INCREASES, False)]
    assert list(claimed(judge, TAUGHT[-1].candidate)) == []


def test_the_table_of_weights_begins_with_the_bias_and_leaves_out_rare_features() -> None:
    table = rows(fit([*TAUGHT, example("once")]))
    assert table[0][0] == BIAS
    assert "once" not in {row[0] for row in table}


def test_calibration_rises_with_the_score() -> None:
    points = calibration([0.1, 0.2, 0.4, 0.6, 0.8, 0.9], [False, False, True, False, True, True])
    assert [share for _, share in points] == sorted(share for _, share in points)
    assert (points[0][0], points[-1][0]) == (0.0, 1.0)


def test_a_passage_is_cut_from_the_commit_that_the_table_names(tmp_path: Path) -> None:
    clone = tmp_path / "owner+name"
    clone.mkdir()

    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=n", "-c", "user.email=e@example.invalid")
        command = ["git", "-C", str(clone), *identity, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "-q")
    (clone / "a.md").write_text("# Head\n\nIrisin increases BDNF. Exercise improves memory in old age.\n")
    git("add", "a.md")
    git("commit", "-qm", "one")
    commit = git("rev-parse", "HEAD")
    (clone / "a.md").write_text("changed\n")
    git("commit", "-qam", "two")
    passage = Passage("x", "notes", "owner/name", commit, "a.md", 8, 31)
    ((_, article),) = articles([passage], tmp_path)
    assert article.text.strip() == "Irisin increases BDNF."
    with pytest.raises(SourceError, match=r"clone github\.com/owner/name there"):
        list(articles([Passage("x", "notes", "owner/name", "0" * 40, "a.md", 0, 1)], tmp_path))
    with pytest.raises(SourceError, match="is missing"):
        list(articles([Passage("x", "paper", "europepmc", "", "p.nxml", 0, 1)], tmp_path))


def test_white_space_does_not_part_an_annotation_from_its_sentence() -> None:
    assert hash_of("Irisin  increases\nBDNF.") == hash_of("Irisin increases BDNF.")


def test_wrong_usage_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main([str(tmp_path)]) == 2
    assert "does not hold" in capsys.readouterr().err
