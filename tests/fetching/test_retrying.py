from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fetching.answers import FetchError, TryAgain, retry_after_s
from pipeline.fetching.retrying import Pace, asked_until_had
from pipeline.fetching.terms import FetchLimits, Terms

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def faults(*waits: float) -> tuple[list[float], object]:
    """What was slept, and what came of asking a server that fails once for each of `waits`."""
    naps: list[float] = []
    left = list(waits)

    def ask() -> str:
        if left:
            raise TryAgain("it answers 503 Service Unavailable", status=503, asked_wait_s=left.pop(0))
        return "had"

    try:
        return naps, asked_until_had(ask, Terms(FetchLimits(tries=4, longest_wait_s=30), sleep=naps.append))
    except FetchError as error:
        return naps, error


def test_what_goes_well_is_not_waited_for() -> None:
    assert faults() == ([], "had")


def test_waits_double_with_a_random_share() -> None:
    naps, had = faults(0, 0, 0)
    assert had == "had"
    assert len(naps) == 3
    assert all(least <= nap <= 1.5 * least for nap, least in zip(naps, (1, 2, 4), strict=True))


def test_a_server_that_says_how_long_is_left_alone_so_long() -> None:
    assert faults(7.0, 30.0) == ([7.0, 30.0], "had")


def test_a_pause_shorter_than_ours_does_not_hurry_us() -> None:
    naps, _ = faults(0.1)
    assert naps[0] >= 1


@pytest.mark.parametrize(
    ("asked", "said"), [(31.0, "pause of 31 s, and 30 s"), (float("inf"), "pause of a day or more")]
)
def test_a_pause_beyond_the_longest_ends_it_at_once_and_may_pass(asked: float, said: str) -> None:
    naps, error = faults(asked)
    assert naps == []
    assert isinstance(error, FetchError)
    assert error.is_passing
    assert error.status == 503
    assert said in str(error)


def test_after_the_last_try_the_fault_is_told_with_their_number() -> None:
    naps, error = faults(0, 0, 0, 0)
    assert len(naps) == 3
    assert isinstance(error, FetchError)
    assert not isinstance(error, TryAgain)
    assert error.is_passing
    assert str(error) == "it answers 503 Service Unavailable; it was asked 4 times; the next run asks again"


def test_what_will_not_pass_is_raised_as_it_is() -> None:
    fault = FetchError("gone", is_passing=False, status=410)

    def ask() -> str:
        raise fault

    with pytest.raises(FetchError) as caught:
        asked_until_had(ask, Terms(sleep=lambda _: pytest.fail("slept")))
    assert caught.value is fault


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120.0),
        (" 3 ", 3.0),
        ("1.5", 1.5),
        ("0", 0.0),
        ("9" * 5000, float("inf")),
        ("Fri, 20 Nov 2026 12:00:30 GMT", 30.0),
        ("Friday, 20-Nov-26 12:00:30 GMT", 30.0),
        ("Fri, 20 Nov 2026 13:00:30 +0100", 30.0),
        ("Fri, 20 Nov 2026 12:00:30 -0000", 30.0),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0.0),
        ("-5", 0.0),
        ("+5", 0.0),
        ("1e9", 0.0),
        ("nan", 0.0),
        ("٣", 0.0),
        ("", 0.0),
        ("soon", 0.0),
        ("Fri, 99 Nov 2026 12:00:30 GMT", 0.0),
        ("Fri, 20 Nov 99999 12:00:30 GMT", 0.0),
        ("Fri, 20 Nov 2026 12:00:30 +9999", 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_what_is_neither_asks_nothing(value: str, expected: float) -> None:
    assert retry_after_s(value, NOON) == expected


@given(st.text() | st.text(alphabet="0123456789:,+- GMTJanFri"))
def test_no_retry_after_is_negative_or_fails(value: str) -> None:
    assert retry_after_s(value, NOON) >= 0


def test_hosts_are_paced_each_for_itself() -> None:
    naps: list[float] = []
    pace = Pace(Terms(sleep=naps.append))
    pace.wait("a.example", 60)
    pace.wait("b.example", 60)
    assert naps == []
    pace.wait("a.example", 60)
    assert naps == [pytest.approx(60, abs=1)]
    pace.wait("b.example", 0)
    assert len(naps) == 1


def test_two_sources_of_a_run_keep_to_one_pace_at_the_same_host() -> None:
    naps: list[float] = []
    terms = Terms(sleep=naps.append)
    Pace(terms).wait("eutils.example", 60)
    Pace(replace(terms, visits={})).wait("eutils.example", 60)
    assert naps == [pytest.approx(60, abs=1)]
