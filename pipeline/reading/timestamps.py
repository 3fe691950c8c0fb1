"""Video timestamps in notes: taken out of the text and kept as seconds."""

import re
from collections.abc import Iterator

from pipeline.reading.punctuation import CLOSING_MARKS

_MARK, _END = "\ue000", "\ue001"  # private characters, which cleaned text does not hold
_MORE_HOURS_THAN_ANY = 6
_CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2}))?"
_ANCHOR = re.compile(
    rf'<a\b[^<>]{{0,200}}\bclass="yt-timestamp"[^<>]{{0,200}}\bdata-t="{_CLOCK}"[^<>]*>[^<>]*</a>', re.IGNORECASE
)
_LINKED = re.compile(rf"\[\d{{1,2}}:[\d:]+\]\(\s*({_MARK}\d+{_END})\s*\)")
_BRACKETED = re.compile(rf"\[{_CLOCK}((?:[,;\s]+\d{{1,2}}:\d{{2}}(?::\d{{2}})?)*)\]")
_GROUP = re.compile(
    rf"(?:[\[(](?:Source:)?\s*)?({_MARK}\d+{_END})(?:[\s,;&]*{_MARK}\d+{_END})*(?:\s*[\])])?", re.IGNORECASE
)
_SINGLE = re.compile(rf"{_MARK}(\d+){_END}")
_FINAL = rf"[.!?…]+{CLOSING_MARKS}"
_MARK_THEN_FINAL = re.compile(rf" {{0,3}}({_MARK}\d+{_END})\s*({_FINAL})(?=\s|$)")
_SENTENCE_END = re.compile(rf"(?:{_FINAL}|:)$")


def mark_timestamps(text: str) -> str:
    """`text` with every timestamp as a mark that `split_at_timestamps` knows, in whichever of the usual forms.

    Forms: `<a class="yt-timestamp" data-t="00:37:52">…</a>`, the same as the target of a link, `[00:37:52]`,
    `[00:37:52, 00:40:01]`, all of them also within brackets. Of neighbouring timestamps the first is kept.
    """
    minutes_first = _writes_minutes_first(text)
    text = _ANCHOR.sub(lambda clock: _mark(clock, minutes_first), text)
    text = _LINKED.sub(r"\1", text)
    text = _BRACKETED.sub(lambda clock: _mark(clock, minutes_first), text)
    return _GROUP.sub(r" \1", text)


def split_at_timestamps(text: str) -> Iterator[tuple[str, float | None]]:
    """The stretches of a paragraph with the second that each is said at, None where no timestamp follows.

    A timestamp stands behind what it belongs to; where the paragraph begins with one, they stand before. Only
    a timestamp at the end of a sentence ends a stretch; of several within a stretch the first counts.
    """
    if _MARK not in text:
        yield text, None
        return
    text = _MARK_THEN_FINAL.sub(r"\2\1", text.strip())
    leading = text.startswith(_MARK)
    parts = _SINGLE.split(text)  # words, seconds, words, seconds, …, words
    stretch, second = "", None
    for at in range(0, len(parts) - 1, 2):
        here = float(parts[at + 1])
        stretch = _joined(stretch, parts[at])
        if leading and stretch.strip() and _ends_sentence(stretch):
            yield stretch, second
            stretch, second = "", None
        second = here if second is None else second
        if not leading and _ends_sentence(stretch):
            yield stretch, second
            stretch, second = "", None
    stretch = _joined(stretch, parts[-1])
    if stretch.strip():
        yield stretch, second


def _joined(before: str, words: str) -> str:
    """Both in one sentence, with one space between them unless a comma or full stop follows."""
    gap = " " if before and words[:1].isalnum() else ""
    return f"{before.rstrip()}{gap}{words}" if words[:1] in ",.;:!?)" else f"{before}{gap}{words}"


def _ends_sentence(words: str) -> bool:
    return _SENTENCE_END.search(words.rstrip()) is not None


def _writes_minutes_first(text: str) -> bool:
    """Whether the note writes `56:20:00` for 56 minutes 20: no video lasts that many hours."""
    clocks = (*_ANCHOR.finditer(text), *_BRACKETED.finditer(text))
    return any(clock[3] == "00" and int(clock[1]) >= _MORE_HOURS_THAN_ANY for clock in clocks)


def _mark(clock: re.Match[str], minutes_first: bool) -> str:
    first, second, third = int(clock[1]), int(clock[2]), clock[3]
    in_hours = third is not None and not (minutes_first and third == "00")
    seconds = first * 3600 + second * 60 + int(third) if in_hours else first * 60 + second
    return f"{_MARK}{seconds}{_END}"
