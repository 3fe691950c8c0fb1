"""What a claim holds for: species, population, modality, dose, duration and study design.

Patterns are data (`lexicons/context.tsv`). The claim's own sentence is asked first, then its neighbours
in the paragraph, then, for the study design alone, the article's title.
"""

import csv
import re
from collections.abc import Sequence
from functools import cache

from pipeline.claims.lexicon import FOLDER, LexiconError
from pipeline.records import Context

KINDS = ("species", "population", "modality", "dose", "duration", "study_design")
NEIGHBOURS_SAY = {"species", "population", "study_design", "duration"}
MODALITY_OF = {"resistance_training": "resistance", "aerobic_exercise": "aerobic", "hiit": "hiit"}


@cache
def patterns() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """(value, pattern) pairs of each kind; the value `*` stands for the matched words themselves."""
    table: dict[str, list[tuple[str, re.Pattern[str]]]] = {kind: [] for kind in KINDS}
    with (FOLDER / "context.tsv").open(newline="", encoding="utf-8") as handle:
        for number, row in enumerate(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE), start=2):
            if row["kind"] not in table:
                raise LexiconError(f"context.tsv line {number}: kind is {row['kind']!r}, expected one of {KINDS}")
            flags = 0 if row["pattern"].isupper() else re.IGNORECASE
            table[row["kind"]].append((row["value"], re.compile(rf"(?<![\w-])(?:{row['pattern']})(?!\w)", flags)))
    return table


def context_of(sentence: str, neighbours: Sequence[str], title: str, subject_id: str) -> Context:
    """The context of a claim about `subject_id` in `sentence`; unknown parts are empty."""
    found = {}
    for kind in KINDS:
        value = _first(kind, [sentence])
        if not value and kind in NEIGHBOURS_SAY:
            value = _first(kind, neighbours) or (_first(kind, [title]) if kind == "study_design" else "")
        found[kind] = value
    found["modality"] = MODALITY_OF.get(subject_id, found["modality"])
    return Context(**found)


def _first(kind: str, texts: Sequence[str]) -> str:
    for text in texts:
        for value, pattern in patterns()[kind]:
            match = pattern.search(text)
            if match:
                return match.group(0) if value == "*" else value
    return ""
