"""What note vaults add to Markdown: wiki links, embeds, block ids, link fields, shortcodes, footnotes."""

import re

from pipeline.reading.punctuation import CLOSING_MARKS
from pipeline.records import Dropped

_QUOTED = r"^[ \t]*(?:>[ \t]*)*"
_DROPPED_LINES = tuple(
    (reason, re.compile(pattern, re.MULTILINE))
    for reason, pattern in (
        ("source line", r"^[ \t]*(?:From|Source|Channel|Podcast):[ \t]*\[\[[^\[\]\n]*\]\][ \t]*(?:<br ?/?>)?[ \t]*$"),
        ("link field", _QUOTED + r"[\w -]{1,30}::[ \t]*(?:(?:!?\[\[[^\[\]\n]*\]\]|\#[\w/-]+)[ \t,;]*)*$"),
        ("block id", _QUOTED + r"(?:\{ ?\#[\w-]+ ?\}|\^[\w-]+)[ \t]*$"),
        ("tags", r"^[ \t]*(?:\#[A-Za-z][\w/-]*[ \t]*)+$"),
        ("shortcode", r"^[ \t]*(?:\{\{[^{}\n]*\}\}|\{%[^%\n]*%\})[ \t]*$"),
        ("footnote", r"^[ \t]*\[\^[^\]\s]+\]:.*(?:\n(?: {2,}|\t)\S.*)*$"),
    )
)
_REMARKS = (("<!--", "-->"), ("%%", "%%"))
_INLINE_NOISE = re.compile(
    r"\{\{[^{}\n]*\}\}|\{%[^%\n]*%\}"  # shortcodes
    r"|\[\^[^\]\s]+\]"  # footnote marks
    r"|[ \t]\{ ?\#[\w-]+ ?\}[ \t]*$|[ \t]\^[\w-]+[ \t]*$"  # ids at the end of a block
    r"|(?<!=)==(?=[^=\s])|(?<=[^=\s])==(?!=)",  # highlighter
    re.MULTILINE,
)
_EMBED = re.compile(r"!\[\[[^\[\]\n]*\]\]")
_LINK = re.compile(r"\[\[([^\[\]\n|]*?)(?:\\?\|([^\[\]\n]*))?\]\]")
_WORDS_BEFORE = re.compile(r"([^\W\d_]+)[\"”\u2019')*]*[ \t]+$")
_TIMESTAMP = re.compile("[ \t]*\ue000\\d+\ue001")
_SENTENCE_BEFORE = re.compile(rf"[.!?]{CLOSING_MARKS}[ \t]+$")
_STRAY_STOP = re.compile(r"(?<=[.!?])[ \t]+\.(?=\s|$)")
_POINTS_AFTER = re.compile("[ \t]*(?:[.,;)]|\ue000|$|\n)")
_WORD = re.compile(r"[^\W_]+")
_LEADS_INTO_LINK = re.compile(  # a link after one of these is a part of the sentence, whatever it is called
    r"an?|about|and|are|as|at|be|between|by|called|during|for|from|in|including|into|is|its|like|named|of|on|or|our|over"
    r"|such|than|that|the|their|these|this|those|through|to|towards?|under|via|was|were|with|within",
    re.IGNORECASE,
)
_TITLE_WORDS = 3
_SMALL_WORD = 4  # letters; titles do not capitalize shorter words
_LOOK_BACK = 800  # characters


def without_wiki_syntax(text: str) -> tuple[str, tuple[Dropped, ...]]:
    """`text` as common Markdown, and what was left out: lines of links and ids, footnotes, pointers elsewhere."""
    dropped: list[Dropped] = []
    for opening, closing in _REMARKS:
        text = _without_remarks(text, opening, closing)
    for reason, pattern in _DROPPED_LINES:
        dropped += [Dropped(line[0].strip(), reason) for line in pattern.finditer(text)]
        text = pattern.sub("", text)
    text = _INLINE_NOISE.sub("", _EMBED.sub("", text))
    text = _LINK.sub(lambda link: _link_text(link, dropped), text)
    return _STRAY_STOP.sub("", text), tuple(dropped)


def _without_remarks(text: str, opening: str, closing: str) -> str:
    """`text` without what stands between the marks; written as a loop, since a pattern takes ages on hostile text."""
    kept: list[str] = []
    at = 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start + len(opening))) >= 0:
        kept.append(text[at:start])
        at = end + len(closing)
    return "".join((*kept, text[at:]))


def _link_text(link: re.Match[str], dropped: list[Dropped]) -> str:
    target, label = link[1].strip(), link[2]
    if label is None:
        return target.split("/")[-1].split("#")[0].replace("_", " ").strip() or target.lstrip("#^")
    label = label.strip()
    if _only_points(link, target, label):
        dropped.append(Dropped(label, "pointer link"))
        return ""
    return label


def _only_points(link: re.Match[str], target: str, label: str) -> bool:
    """Whether a link stands behind a finished clause merely to point to another note.

    That is so where its label repeats words of the paragraph before it, or is the other note's whole title.
    """
    text = link.string
    start = max(text.rfind("\n", 0, link.start()) + 1, link.start() - _LOOK_BACK)
    before = _TIMESTAMP.sub("", _LINK.sub(lambda other: other[2] or other[1], text[start : link.start()]))
    label_words = _WORD.findall(label.lower())
    before_words = _WORD.findall(before.lower())
    if _WORDS_BEFORE.search(before) and label_words == before_words[-len(label_words) :]:
        return True
    if len(label_words) < _TITLE_WORDS or not _POINTS_AFTER.match(text, link.end()):
        return False
    is_title = "".join(label_words) == "".join(_WORD.findall(target.lower().replace("_", " ")))
    if _SENTENCE_BEFORE.search(before):
        return is_title
    last = _WORDS_BEFORE.search(before)
    if last is None or _LEADS_INTO_LINK.fullmatch(last[1]):
        return False
    repeated = f" {' '.join(label_words)} " in f" {' '.join(before_words)} "
    return repeated or is_title or _is_title_case(label)


def _is_title_case(label: str) -> bool:
    return all(word[0].isupper() for word in _WORD.findall(label) if len(word) > _SMALL_WORD)
