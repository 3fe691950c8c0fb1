"""Dates as journal XML gives them, in parts, and as pages print them."""

import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PRINTED = (
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)"),
    re.compile(r"\b(?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<month>[A-Za-z]{3,9})\.?,? (?P<year>(?:19|20)\d\d)\b"),
    re.compile(r"\b(?P<month>[A-Za-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>(?:19|20)\d\d)\b"),
)


def printed_date(text: str) -> str:
    """The first date in `text` as `2020-03-05`: `2020-03-05`, `5 March 2020`, `Mar 5th, 2020`. Empty without one."""
    for pattern in _PRINTED:
        if found := pattern.search(text):
            return iso_date(found["year"], found["month"], found["day"])
    return ""


def iso_date(year: str | None, month: str | None = None, day: str | None = None) -> str:
    """`2020-03-05`, `2020-03` or `2020`, as far as the parts go; months also by name. Empty without a year."""
    year = (year or "").strip()
    if not (len(year) == 4 and year.isdecimal()):
        return ""
    found_month = _number(month, 12)
    if not found_month and month and month.strip()[:3].lower() in _MONTHS:
        found_month = _MONTHS.index(month.strip()[:3].lower()) + 1
    if not found_month:
        return year
    found_day = _number(day, 31)
    return f"{year}-{found_month:02d}" + (f"-{found_day:02d}" if found_day else "")


def _number(text: str | None, largest: int) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and 1 <= int(text) <= largest else 0
