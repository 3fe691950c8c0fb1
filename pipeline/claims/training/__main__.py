"""`python -m pipeline.claims.training SOURCES`: train the judge and write its tables.

SOURCES holds clones of the annotated repositories (`passages.tsv`) as `owner+name`, and `europepmc/` with the papers.
Prints how the judge fares on passages that it was not trained on.
"""

import csv
import math
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.claims.candidates import Candidate
from pipeline.claims.extractor import Extractor
from pipeline.claims.judge import FOLDER, WEIGHT_COLUMNS, Judge
from pipeline.claims.training.fitting import Example, Weights, calibration, fit, rows
from pipeline.claims.training.passages import (
    AnnotatedLink,
    SourceError,
    articles,
    hash_of,
    load_links,
    load_passages,
)
from pipeline.records import Effect
from pipeline.settings import load_settings

FOLDS = 5
Key = tuple[str, str, Effect, bool]


def main(arguments: Sequence[str]) -> int:
    """Train; exit code 2 for wrong usage or a missing source."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        examples, candidates, folds = labelled(Path(arguments[0]))
    except SourceError as error:
        print(f"myoclaims: {error}", file=sys.stderr)
        return 2
    unseen: list[tuple[float, bool]] = []
    found: dict[str, set[Key]] = {passage: set() for passage in folds}
    for fold in range(FOLDS):
        judge = judge_of(fit([example for example in examples if folds[example.passage] != fold]))
        unseen += agreement(judge, (example for example in examples if folds[example.passage] == fold))
        for passage, candidate in candidates:
            if folds[passage] == fold:
                found[passage].update(claimed(judge, candidate))
    scores, agreed = [score for score, _ in unseen], [is_right for _, is_right in unseen]
    write("judge.tsv", WEIGHT_COLUMNS, rows(fit(examples)))
    points = calibration(scores, agreed)
    write("calibration.tsv", ("score", "share"), [(str(score), str(share)) for score, share in points])
    print(f"{len(folds):,} passages, {len(examples):,} candidates, {sum(e.is_linked for e in examples):,} linked")
    print("score on unseen passages, candidates, share that annotators agreed with")
    for low in range(10):
        inside = [is_right for score, is_right in unseen if math.floor(score * 10) == low]
        if inside:
            print(f"{low / 10:.1f}  {len(inside):6,}  {sum(inside) / len(inside):.2f}")
    right, spurious, missed = compared(found)
    precision, recall = right / (right + spurious), right / (right + missed)
    f1 = 2 * precision * recall / (precision + recall)
    print(f"links of unseen passages: P {precision:.3f} R {recall:.3f} F1 {f1:.3f}")
    return 0


def labelled(sources: Path) -> tuple[list[Example], list[tuple[str, Candidate]], dict[str, int]]:
    """The labelled candidates of all passages, every candidate with its passage, and the fold of each passage."""
    extractor = Extractor.load(load_settings())
    links = load_links()
    examples: list[Example] = []
    everything: list[tuple[str, Candidate]] = []
    folds: dict[str, int] = {}
    lost = Counter[str]()
    for passage, article in articles(load_passages(), sources):
        folds[passage.name] = passage.fold
        sentences = {s.ordinal: hash_of(s.text) for s in extractor.planner.plan(article).sentences}
        annotated = links.get(passage.name, [])
        lost["links"] += len(annotated)
        lost["unplaced"] += sum(link.sentence_hash not in sentences.values() for link in annotated)
        for ordinal, candidates in extractor.candidates(article).items():
            everything.extend((passage.name, candidate) for candidate in candidates)
            examples.extend(_labelled(passage.name, candidates, sentences[ordinal], annotated))
    print(f"{lost['unplaced']} of {lost['links']} annotated links are in sentences that reading no longer gives")
    return examples, everything, folds


def _labelled(
    passage: str, candidates: Iterable[Candidate], sentence: str, links: Sequence[AnnotatedLink]
) -> Iterable[Example]:
    """Candidates with their labels; what is in doubt, and a pair that is annotated elsewhere only, is left out.

    An annotator notes a link once a passage, so that a pair of another sentence may assert it again.
    """
    for candidate in candidates:
        same = [
            link for link in links if (link.subject_id, link.object_id) == (candidate.subject_id, candidate.object_id)
        ]
        here = [link for link in same if link.sentence_hash == sentence] or (same if candidate.relations else [])
        firm = [link for link in here if not link.is_doubtful]
        if firm or not same:
            yield Example(passage, candidate, frozenset(link.effect for link in firm))


def judge_of(weights: Weights) -> Judge:
    """A judge with these weights, whose confidences are its scores."""
    return Judge(weights.link, weights.effects, ((0.0, 0.0), (1.0, 1.0)), "")


def agreement(judge: Judge, examples: Iterable[Example]) -> Iterable[tuple[float, bool]]:
    """(score, whether annotators agree with pair and effect) of each example."""
    for example in examples:
        effect, score = judge.best_effect(example.candidate)
        yield score, effect in example.effects


def claimed(judge: Judge, candidate: Candidate) -> Iterable[Key]:
    """The links that a candidate becomes."""
    verdict = judge.decide(candidate)
    pair = candidate.subject_id, candidate.object_id
    if verdict.is_kept and candidate.relations:
        yield from ((*pair, relation.effect, relation.negated) for relation in candidate.relations)
    elif verdict.is_kept:
        yield (*pair, verdict.effect, False)


def compared(found: dict[str, set[Key]]) -> tuple[int, int, int]:
    """How many links are right, spurious and missed. One in doubt counts neither way, as a vague one beside another."""
    right = spurious = missed = 0
    links = load_links()
    for passage, keys in found.items():
        annotated = links.get(passage, [])
        firm = {_key(link) for link in annotated if not link.is_doubtful}
        directed = {key[:2] for key in keys if key[2] is not Effect.AFFECTS}
        kept = {key for key in keys if key[2] is not Effect.AFFECTS or key[:2] not in directed}
        right += len(firm & kept)
        spurious += len(kept - {_key(link) for link in annotated})
        missed += len(firm - kept)
    return right, spurious, missed


def _key(link: AnnotatedLink) -> Key:
    return link.subject_id, link.object_id, link.effect, link.negated


def write(name: str, columns: Sequence[str], table: Iterable[Sequence[str]]) -> None:
    """Write a table of the judge."""
    with (FOLDER / name).open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(table)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
