"""Run the extractor over gold passages and compare: precision, recall and F1 beside co-occurrence."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from pipeline.claims.extractor import Extractor
from pipeline.evaluation.errors import ErrorKind, LinkError, error_table, link_errors
from pipeline.evaluation.found import confidences, cooccurring, links, triples
from pipeline.evaluation.gold import GoldError, GoldPassage, LinkKey, annotated_concepts, earlier_ids, load_gold
from pipeline.reading import read
from pipeline.records import Article, Extraction, Fetched

RELIABILITY_STEPS = [0.0, 0.2, 0.4, 0.6, 0.8, 1.001]
FIGURES = ("links", "core", "pairs", "triples", "negated", "co-occurrence")


@dataclass(slots=True)
class Tally:
    """Counts of true positives, false positives and false negatives."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def add(self, gold: Iterable[object], optional: Iterable[object], found: Iterable[object]) -> None:
        wanted, allowed, got = set(gold), set(optional), set(found)
        self.tp += len(wanted & got)
        self.fn += len(wanted - got)
        self.fp += len(got - wanted - allowed)

    @property
    def precision(self) -> float:
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 0.0

    @property
    def recall(self) -> float:
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 0.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def frame_of(tallies: Mapping[str, Tally]) -> pd.DataFrame:
    """Tallies as a table, one a row: P, R, F1 (0..1) and the counts behind them."""
    return pd.DataFrame(
        {
            "P": [tally.precision for tally in tallies.values()],
            "R": [tally.recall for tally in tallies.values()],
            "F1": [tally.f1 for tally in tallies.values()],
            "found": [tally.tp for tally in tallies.values()],
            "spurious": [tally.fp for tally in tallies.values()],
            "missed": [tally.fn for tally in tallies.values()],
        },
        index=pd.Index(list(tallies), name="figure"),
    )


def shown(frame: pd.DataFrame) -> str:
    """A table of figures as lines of text."""
    return frame.to_string(float_format=lambda value: f"{value:.3f}")


@dataclass(slots=True)
class EvaluationReport:
    """Tallies by figure, how often hedging was right on the links found, and links by kind of source."""

    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in FIGURES})
    kinds: dict[str, Tally] = field(default_factory=dict)
    hedging_right: int = 0
    hedging_all: int = 0
    errors: list[tuple[str, LinkError]] = field(default_factory=list)
    certainties: list[tuple[float, bool]] = field(default_factory=list)

    def frame(self) -> pd.DataFrame:
        """The figures, one a row: P, R, F1 (0..1) and the counts behind them."""
        return frame_of(self.tallies | {f"links: {kind}": self.kinds[kind] for kind in sorted(self.kinds)})

    def error_kinds(self) -> pd.DataFrame:
        """How many links were missed and are spurious by kind of error."""
        return error_table(error for _, error in self.errors)

    def reliability(self) -> pd.DataFrame:
        """Links found by confidence, in steps of 0.2: how many, their mean confidence, and the share that is right."""
        frame = pd.DataFrame(self.certainties, columns=["confidence", "right"])
        steps = pd.cut(frame["confidence"], RELIABILITY_STEPS, right=False)
        table = frame.groupby(steps, observed=True).agg(
            found=("right", "size"), mean=("confidence", "mean"), right=("right", "mean")
        )
        return table.rename_axis("confidence")

    def differences(self) -> list[str]:
        """Every missed and spurious link with its passage and the kind of error."""
        return [
            f"{name} {'missed' if error.is_missed else 'spurious'} {error.link} {error.kind}"
            for name, error in self.errors
            if error.kind is not ErrorKind.WRONG_HEDGE
        ]

    def table(self) -> str:
        """The figures as lines of text."""
        return f"{shown(self.frame())}\nhedging right on {self.hedging_right} of {self.hedging_all} links found"


def read_passage(path: Path) -> Article:
    """One passage as the pipeline reads any file."""
    return read(Fetched("passages", path.name, path.read_bytes(), datetime.now(UTC)))


def evaluate(
    gold_dir: Path,
    passages_dir: Path,
    extractor: Extractor,
    only: Iterable[str] | None = None,
    kinds: Mapping[str, str] | None = None,
    links_file: Path | None = None,
    triples_file: Path | None = None,
) -> EvaluationReport:
    """Figures of `extractor` on the passages of `gold_dir` (all, or those named in `only`).

    `kinds` maps passages to kinds of source, which are then scored apart too. `links_file` and
    `triples_file` are written as CSV for an outside scorer where given. Raises GoldError for a folder without gold or a
    passage without text.
    """
    names = set(only) if only is not None else None
    passages = [p for p in load_gold(gold_dir) if names is None or p.name in names]
    unknown = sorted((names or set()) - {p.name for p in passages})
    if unknown:
        raise GoldError(f"{gold_dir} holds no annotated passage named {', '.join(unknown)}")
    missing = [p.name for p in passages if not (passages_dir / f"{p.name}.txt").is_file()]
    if missing:
        raise GoldError(f"{passages_dir} has no text for {', '.join(missing)}: expected NAME.txt for each NAME.json")
    roles = annotated_concepts(gold_dir) or extractor.roles
    articles = [read_passage(passages_dir / f"{p.name}.txt") for p in passages]
    extractions = list(extractor.extract_all(articles))
    report = EvaluationReport()
    later, related = earlier_ids(), extractor.vocabulary.related()
    for passage, extraction in zip(passages, extractions, strict=True):
        _score(report, passage, extraction, roles, later, kinds or {}, related)
    if links_file is not None:
        write_links(links_file, zip(passages, extractions, strict=True))
    if triples_file is not None:
        write_triples(triples_file, zip(passages, extractions, strict=True))
    return report


def _score(
    report: EvaluationReport,
    passage: GoldPassage,
    extraction: Extraction,
    roles: Mapping[str, str],
    later: Mapping[str, str],
    kinds: Mapping[str, str],
    related: Mapping[str, frozenset[str]],
) -> None:
    sure = confidences(extraction)
    certainty: dict[LinkKey, float] = {}
    found: dict[LinkKey, bool] = {}
    for (subject, target, effect, negated), hedged in links(extraction).items():
        key = later.get(subject, subject), later.get(target, target), effect, negated
        if key[0] in roles and key[1] in roles:
            found[key] = found.get(key, True) and hedged
            certainty[key] = max(certainty.get(key, 0.0), sure[subject, target, effect, negated])
    wanted, optional = set(passage.links), passage.optional_links

    def core(keys: Iterable[LinkKey]) -> set[LinkKey]:
        return {k for k in keys if "exerkine" in (roles.get(k[0]), roles.get(k[1]))}

    report.certainties.extend((certainty[key], key in wanted) for key in found.keys() - optional)
    tallies = report.tallies
    tallies["links"].add(wanted, optional, found)
    tallies["core"].add(core(wanted), core(optional), core(found))
    tallies["pairs"].add({k[:2] for k in wanted}, {k[:2] for k in optional}, {k[:2] for k in found})
    tallies["negated"].add(*({k for k in keys if k[3]} for keys in (wanted, optional, found)))
    if passage.name in kinds:
        report.kinds.setdefault(kinds[passage.name], Tally()).add(wanted, optional, found)
    found_triples = {tuple(later.get(c, c) for c in triple) for triple in triples(extraction)}
    tallies["triples"].add(
        passage.triples, passage.optional_triples, {t for t in found_triples if set(t) <= roles.keys()}
    )
    tallies["co-occurrence"].add(wanted, optional, cooccurring(extraction, roles))
    for key in wanted & found.keys():
        report.hedging_all += 1
        report.hedging_right += found[key] == passage.links[key]
    errors = link_errors(passage.links, optional, found, extraction, related)
    report.errors.extend((passage.name, error) for error in errors)


def write_links(path: Path, found: Iterable[tuple[GoldPassage, Extraction]]) -> None:
    """CSV with columns passage, subject_id, object_id, effect, negated, hedged."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["passage", "subject_id", "object_id", "effect", "negated", "hedged"])
        for passage, extraction in found:
            writer.writerows([passage.name, *key, hedged] for key, hedged in sorted(links(extraction).items()))


def write_triples(path: Path, found: Iterable[tuple[GoldPassage, Extraction]]) -> None:
    """CSV with columns passage, myokine_id, mechanism_id, outcome_id."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["passage", "myokine_id", "mechanism_id", "outcome_id"])
        for passage, extraction in found:
            writer.writerows([passage.name, *key] for key in sorted(triples(extraction)))
