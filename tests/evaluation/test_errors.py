"""Kinds of error: each missed or spurious link gets the kind that its text calls for."""

from datetime import UTC, datetime

import pytest

from pipeline.claims.extractor import Extractor
from pipeline.evaluation.errors import ErrorKind, LinkError, error_table, link_errors
from pipeline.evaluation.gold import LinkKey
from pipeline.reading import read
from pipeline.records import Fetched

Links = dict[LinkKey, bool]
IRISIN: LinkKey = ("irisin", "bdnf", "increases", False)


@pytest.mark.parametrize(
    ("text", "wanted", "found", "kind"),
    [
        ("Irisin lowers BDNF.", IRISIN, ("irisin", "bdnf", "decreases", False), ErrorKind.WRONG_DIRECTION),
        ("Irisin alters BDNF.", IRISIN, ("irisin", "bdnf", "affects", False), ErrorKind.NO_DIRECTION),
        ("Irisin no BDNF.", (*IRISIN[:3], True), IRISIN, ErrorKind.MISSED_NEGATION),
        ("Irisin, BDNF.", IRISIN, (*IRISIN[:3], True), ErrorKind.INVENTED_NEGATION),
        ("Lactate raises BDNF.", IRISIN, None, ErrorKind.MISSED_MENTION),
        ("Walking and memory.", ("exercise", "memory", "increases", False), None, ErrorKind.WRONG_CONCEPT),
        ("Irisin and BDNF.", IRISIN, None, ErrorKind.MISSED_RELATION),
        ("Irisin, lactate, BDNF.", IRISIN, ("lactate", "bdnf", "increases", False), ErrorKind.WRONG_PARTNER),
        ("# Irisin\n\nMuscle makes more BDNF.\n", IRISIN, None, ErrorKind.HEADINGS),
        ("Irisin does this:\n\n- more BDNF\n- more lactate\n", IRISIN, None, ErrorKind.BULLETS),
        ("Irisin is a hormone. It raises BDNF.", IRISIN, None, ErrorKind.ANAPHORA),
        ("Irisin is a hormone. Levels of BDNF rose.", IRISIN, None, ErrorKind.CROSS_SENTENCE),
    ],
)
def test_why_a_link_was_missed(
    extractor: Extractor, text: str, wanted: LinkKey, found: LinkKey | None, kind: ErrorKind
) -> None:
    assert kinds(extractor, text, {wanted: False}, {found: False} if found else {})[0] == (kind, True)


def test_a_pair_turned_around_is_one_error(extractor: Extractor) -> None:
    found = kinds(extractor, "Irisin lowers BDNF.", {IRISIN: False}, {("irisin", "bdnf", "decreases", False): False})
    assert found == [(ErrorKind.WRONG_DIRECTION, True)]


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (("aerobic_exercise", "memory", "increases", False), ErrorKind.WRONG_CONCEPT),
        (("exercise", "mood", "increases", False), ErrorKind.WRONG_PARTNER),
        (("irisin", "bdnf", "increases", False), ErrorKind.NOT_ASSERTED),
    ],
)
def test_why_a_link_is_spurious(extractor: Extractor, found: LinkKey, kind: ErrorKind) -> None:
    wanted = {("exercise", "memory", "increases", False): False}
    assert (kind, False) in kinds(extractor, "Exercise improves memory.", wanted, {found: False})


def test_a_wrong_hedge_is_an_error_of_a_link_that_was_found(extractor: Extractor) -> None:
    errors = kinds(extractor, "Irisin may raise BDNF.", {IRISIN: True}, {IRISIN: False})
    assert errors == [(ErrorKind.WRONG_HEDGE, True)]


def test_the_table_has_every_kind_with_the_most_frequent_first() -> None:
    errors = [LinkError(IRISIN, ErrorKind.ANAPHORA, True), LinkError(IRISIN, ErrorKind.ANAPHORA, False)]
    table = error_table([*errors, LinkError(IRISIN, ErrorKind.BULLETS, True)])
    assert list(table.index[:2]) == ["anaphora", "list and bullet structure"]
    assert len(table) == len(ErrorKind)
    assert (table["missed"].iloc[0], table["spurious"].iloc[0]) == (1, 1)


def kinds(extractor: Extractor, text: str, wanted: Links, found: Links) -> list[tuple[ErrorKind, bool]]:
    article = read(Fetched("s", "a.md", text.encode(), datetime.now(UTC)))
    errors = link_errors(wanted, frozenset(), found, extractor.extract(article), extractor.vocabulary.related())
    return [(error.kind, error.is_missed) for error in errors]
