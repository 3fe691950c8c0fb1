"""Characters that only serve typesetting: odd spaces become spaces, invisible ones go, lines end in a line feed."""

import re

_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
_ODD_SPACE = re.compile("[\t\x0b\x0c\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters
    "\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffc"  # soft hyphen, zero width, direction marks
    "\ud800-\udfff\ue000-\uf8ff"  # surrogates, and private signs that mean nothing outside their font
    "]"
)
_WHITESPACE = re.compile(r"\s+")
_GAP_BEFORE_MARK = re.compile(r" +(?=[,;:.!?)\]](?:\s|$))")
_NUMBER_MARK = re.compile(r"(?<=[^\W\d_]|[.,;:!?)\"”\u2019])\[\d{1,3}(?:\s?[,;\u2013-]\s?\d{1,3})*\]")
_REFERENCE_MARK = re.compile(r" ?\[(\d{1,3}(?:\s?[,;\u2013-]\s?\d{1,3})*)\](?=[\s.,;:)]|$)")
_GIVES_FIGURES = re.compile(r"(?:\b(?:CI|IQR|SD|range|mean|median|interval|is|was|were|of|to|from|by)|[\d%=<>,])$")
_NUMBER = re.compile(r"\d+")
_EMPTY_BRACKETS = re.compile(r" ?[(\[][\s,;\u2013-]*[)\]]")


def clean_characters(text: str) -> str:
    """`text` with plain spaces and line feeds, without soft hyphens, zero-width and control characters."""
    text = _LINE_END.sub("\n", text)
    text = _ODD_SPACE.sub(" ", text)
    return _INVISIBLE.sub("", text)


def on_one_line(text: str) -> str:
    """`text` cleaned, each run of white space one space, none at the ends."""
    return _WHITESPACE.sub(" ", clean_characters(text)).strip()


def without_number_marks(text: str) -> str:
    """`text` without citation numbers that cling to a word: `lactate[742]`, `memory.[3,4]`."""
    return _NUMBER_MARK.sub("", text)


def without_reference_marks(text: str, references: int) -> str:
    """`text` without `[3]` or `[1, 4-6]` where these may point into a list of so many `references`."""
    if "[" not in text:
        return text
    return _REFERENCE_MARK.sub(lambda mark: "" if _is_reference(mark, references) else mark[0], text)


def _is_reference(mark: re.Match[str], references: int) -> bool:
    """Whether the numbers can point into the list, and no statistic stands before them: `a CI of [1, 3]`."""
    before = mark.string[max(mark.start() - 12, 0) : mark.start()]
    return max(map(int, _NUMBER.findall(mark[1]))) <= references and not _GIVES_FIGURES.search(before)


def mend_gaps(text: str) -> str:
    """`text` after something was cut out of it: no empty brackets, no space before a comma or full stop."""
    return _GAP_BEFORE_MARK.sub("", _EMPTY_BRACKETS.sub("", text))
