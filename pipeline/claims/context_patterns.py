"""Patterns of contexts: data in `lexicons/context.tsv`, checked when they are read."""

import csv
import re
from functools import cache

from pipeline.claims.lexicon import FOLDER, LexiconError

OF_SENTENCE = ("species", "population", "modality", "dose", "duration", "study_design")
# `clause` begins another clause, `set_apart` is what the sentence only compares with, `tissue_in_name` a tissue inside
# a concept's own name, `tissue_sample` what is taken of a tissue, `endpoint_verb` a predicate that says what changed.
OF_CLAIM = (
    "timing", "clause", "set_apart", "tissue", "tissue_in_name", "tissue_sample", "endpoint", "endpoint_verb",
)  # fmt: skip
# `others_section` is where papers speak of others' work, `own_study` the words by which they turn to their own.
OF_ARTICLE = ("others_section", "own_study")
KINDS = (*OF_SENTENCE, *OF_CLAIM, *OF_ARTICLE)
UNVALUED = {"clause", "set_apart", "tissue_sample", *OF_ARTICLE}


@cache
def patterns() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """(value, pattern) pairs of each kind; the value `*` stands for the matched words themselves."""
    table: dict[str, list[tuple[str, re.Pattern[str]]]] = {kind: [] for kind in KINDS}
    with (FOLDER / "context.tsv").open(newline="", encoding="utf-8") as handle:
        for number, row in enumerate(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE), start=2):
            if row["kind"] not in table:
                raise LexiconError(f"context.tsv line {number}: kind is {row['kind']!r}, expected one of {KINDS}")
            if bool(row["value"]) == (row["kind"] in UNVALUED):
                expected = "no value" if row["value"] else "a value"
                raise LexiconError(f"context.tsv line {number}: {row['kind']} takes {expected}")
            flags = 0 if row["pattern"].isupper() else re.IGNORECASE
            table[row["kind"]].append((row["value"], re.compile(rf"(?<![\w-])(?:{row['pattern']})(?!\w)", flags)))
    return table
