"""Titles of works as texts give them: in an entry of a reference list, in quotation marks, as the words of a link."""

import re
from collections.abc import Iterator

from pipeline.reading.punctuation import length_at_start
from pipeline.reading.works import FEWEST_TITLE_WORDS, title_identifier

_NUMBER = re.compile(r"\s*(?:\[\^?[\w-]{1,12}\]:?|\(?\d{1,3}[.)\]]|\d{1,3}(?=\s+[A-Z])|[-*•])\s*")
_INITIALS = r"(?:[A-Z]\.?[ -]?){1,4}(?![a-z'’])"
_PARTICLE = r"(?:[Vv]an|[Vv]on|[Dd]e|[Dd]er|[Dd]en|[Ll]a|[Dd]i|[Dd]el|[Ee]l|[Aa]l)[ -]"
_SURNAME = rf"(?:{_PARTICLE}){{0,2}}[A-Z][\w'’\u2010-]+(?: [A-Z][a-z'’\u2010-][\w'’\u2010-]*)?"
_PERSON = rf"(?>{_SURNAME},? {_INITIALS}(?:,? (?:Jr|Sr|I{{2,3}}|PhD|MD)\b\.?)?)"
_BETWEEN = r"(?:[,;] ?(?:…|\.\.\.)? ?(?:&|and)?|,? (?:&|and)) ?"
_AUTHORS = re.compile(
    rf"{_PERSON}(?:{_BETWEEN}{_PERSON}){{0,60}}+(?:[,;]? (?:and |& )?(?:et al|others|colleagues)\b\.?)?"
    r"(?: ?\(?[Ee]ds?\.?\)?)?\s*(?=[.,:;(“\"‘]|(?:19|20)\d\d|(?<=[.,:;])\s*\S|(?<=[.,:;] )\S)"
)
_ET_AL = re.compile(r"[A-Z][\w'’-]+(?:,? [A-Z]{1,3})? et al\b\.?,?\s*")
_YEAR = re.compile(r"[\s.,:;]*(?:\((?:19|20)\d\d[a-z]?(?:,[^()]{0,30})?\)|(?:19|20)\d\d[a-z]?\b(?=[.,:;]))[\s.,:;]*")
_YEAR_BEHIND_AUTHORS = re.compile(r"[\s.,:;]*\(?(?:19|20)\d\d[a-z]?\)?[\s.,:;]+(?=[“\"‘]?[A-Z])")
_ANY_YEAR = re.compile(r"\b(?:19|20)\d\d[a-z]?\b")
_SEGMENT_END = re.compile(
    r"(?<=[.?!])(?<!\bvs\.)(?<!\bal\.)(?<!\bSt\.)(?<!\bi\.e\.)(?<!\be\.g\.)[”\"’]?\s+|\s+(?=https?://|doi:)"
)
_QUOTED = re.compile(r"“([^“”\n]{15,250})”|(?<!\w)\"([^\"\n]{15,250})\"(?!\w)|(?<!\w)‘([^‘’\n]{15,250})’(?!\w)")
_TITLE_CUE = re.compile(
    r"\b(?:titled|entitled|headlined|(?:articles?|papers?|stud(?:y|ies)|reviews?|posts?|books?|reports?|essays?|chapters?"
    r"|editorials?|commentary|thesis|dissertation|pieces?|meta-analys[ie]s|trials?|documentary|publication|column|story"
    r"|preprint)(?: (?:called|named|titled|entitled|on))?|see(?: also)?)[,:]?\s*[“\"‘]?$",
    re.IGNORECASE,
)
_SURE_CUES = ("titled", "headlined")
_SPEECH = re.compile(
    r"^[\s,]*(?:\w+ ){0,3}(?:sa(?:id|ys)|explain(?:s|ed)|writes?|wrote|told|notes?|noted|adds?|added|concludes?)\b"
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_LONG_WORD = 3  # letters; titles do not capitalize shorter words
_CUE_WITHIN = 60  # characters


def reference_title(entry: str) -> str:
    """The title in an entry such as `Smith J, Doe A. Title of the paper. Journal. 2020;1:2.`, else empty.

    What stands behind the authors and the year counts, or, without authors, what stands first; a journal or a
    book's publisher never does, so that a title of fewer than five words gives nothing.
    """
    if quoted := next((words for words, _, _ in _quotations(entry)), ""):
        return quoted if title_identifier(quoted) else ""
    text = entry[length_at_start(_NUMBER, entry) :]
    start = length_at_start(_AUTHORS, text) or length_at_start(_ET_AL, text)
    has_year = _ANY_YEAR.search(text) is not None
    text = text[start:].lstrip(".,:; ")
    text = text[length_at_start(_YEAR, text) or (start and length_at_start(_YEAR_BEHIND_AUTHORS, text)) :]
    first, *others = _SEGMENT_END.split(text, maxsplit=1)
    if not (start or others) or not (has_year or others) or "://" in first or _is_names(first):
        return ""
    return first.strip(" .,;") if title_identifier(first) else ""


def looks_like_reference(text: str) -> bool:
    """Whether a text outside any reference list is an entry of one: authors with initials first, and a year."""
    text = text[length_at_start(_NUMBER, text) :]
    authors = length_at_start(_AUTHORS, text)
    return authors > 0 and _ANY_YEAR.search(text, authors) is not None and len(text) < 600


def quoted_titles(text: str) -> Iterator[tuple[str, int, int]]:
    """Titles in quotation marks with their places: those that a word like "article" announces, or In Title Case."""
    for words, start, end in _quotations(text):
        announced = _TITLE_CUE.search(text[max(start - _CUE_WITHIN, 0) : start])
        spoken = _SPEECH.match(text[end : end + _CUE_WITHIN])
        titled = announced is not None and any(cue in announced[0].lower() for cue in _SURE_CUES)
        if title_identifier(words) and (titled or (not spoken and (announced or is_title_case(words)))):
            yield words, start, end


def is_title_case(text: str) -> bool:
    """Whether Most of the Longer Words Are Capitalized, and there are enough of them to tell."""
    words = [word for word in _WORD.findall(text) if len(word) > _LONG_WORD]
    return len(words) >= FEWEST_TITLE_WORDS - 2 and sum(word[0].isupper() for word in words) >= 0.8 * len(words)


def link_title(text: str, start: int, end: int) -> str:
    """The words `text[start:end]` of a link where they are a title and no part of the sentence, else empty."""
    words = text[start:end].strip()
    if not title_identifier(words):
        return ""
    whole = len(words) >= len(text.strip()) - 3
    first = _WORD.match(words.lstrip("“\"'‘"))
    capital = first is not None and first[0][0].isupper() and not first[0].isupper()
    opens = text[:start].rstrip(' “"(')[-1:] in ("", ".", "!", "?")
    return words if is_title_case(words) or (capital and (whole or not opens)) else ""


def _quotations(text: str) -> Iterator[tuple[str, int, int]]:
    if not any(mark in text for mark in '“"‘'):
        return
    for quoted in _QUOTED.finditer(text):
        words = (quoted[1] or quoted[2] or quoted[3]).strip(" .,;")
        yield words, quoted.start(), quoted.end()


def _is_names(text: str) -> bool:
    """Whether a text is a row of names: every word with a capital, but for "and"."""
    words = [word for word in _WORD.findall(text) if word.lower() not in ("and", "et", "al", "de", "van", "von", "der")]
    return (
        ("," in text or " and " in text or "&" in text) and all(word[0].isupper() for word in words) and len(words) < 12
    )
