"""What an article says of itself, by the table `statements.tsv`: origin, other versions, retraction, correction."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from pipeline.reading.punctuation import length_at_start
from pipeline.reading.tables import TableError, read_table

NOTICES = ("retracted", "concern", "corrected")
"""How an article may stand, the gravest first."""

_TABLE = "statements.tsv"
_COLUMNS = ("says", "where", "pattern", "example", "prose")
_SAYS = ("reproduces", "version of", *NOTICES)
_LONGEST_NOTE = 400  # characters of a piece that says nothing but how the article stands

_KINDS = (
    r"articles?|posts?|pieces?|story|stories|columns?|essays?|interview|excerpts?|extracts?|op-ed|blog(?: ?post)?|text"
)
_ADJECTIVE = r"(?:guest|blog|news|opinion|sponsored|feature|magazine|web|original|following|full|syndicated)"
_THIS = (
    rf"\b(?:this|the (?:above|following|present)) (?:{_ADJECTIVE} ){{0,2}}(?:{_KINDS})"
    r"(?:,? [“\"][^”\"]{5,160}[”\"],?| by (?-i:[A-Z]\S+)(?: (?-i:[A-Z]\S+)){1,3})?"
)
_THIS_WORK = (
    rf"\b(?:this|the (?:above|following|present)) (?:{_ADJECTIVE} )?"
    rf"(?:{_KINDS}|papers?|manuscript|preprint|work|study|publication|review|chapter)"
)
_NO_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|english|spanish|german|french|italian"
    r"|dutch|chinese|japanese|portuguese|russian|issue|volume|vol|part|section|fig(?:ure)?|table|spring|summer|autumn"
    r"|winter|i)\b"
)
_DOMAIN = r"(?:[a-z0-9-]+\.)+[a-z]{2,}"
_CAPITAL = r"(?-i:[A-Z0-9][\w&'’+-]*[\w+]|[A-Z])"
_JOINED = r"(?:(?:of|the|and|for|de|on) |& ?){0,2}"
_NAME = (
    rf"[“\"‘]?(?P<name>(?:the )?(?!\d|{_NO_NAME})"
    rf"(?:{_DOMAIN}|{_CAPITAL}(?: {_JOINED}(?!{_NO_NAME}){_CAPITAL}){{0,8}}))"
)
_WITHIN = r"the (?:[\w-]+ ){0,3}(?-i:issue|edition|blog|website|web site|site|pages|magazine|journal|newsletter)"
_NAMED = rf"(?:{_WITHIN} (?:of|at|from|by) |{_WITHIN},? )?{_NAME}"
_PLACE = rf"(?:(?:on|in|at|by|for|with|as part of) (?:{_NAMED})?|here\b)"
_DATE = r"(?:\w{3,9}\.? )?(?:\d{1,2}(?:st|nd|rd|th)?,? )?(?:\w{3,9}\.?,? )?(?:19|20)\d\d"
_PERSON = r"(?-i:[A-Z]\S+)(?: (?-i:[A-Z]\S+)){1,3}"
_END = rf"[”\"’)]?(?:,? by {_PERSON})?(?:[, (]+(?:(?:on|in) )?{_DATE})?[.:)\]]*$"
_STANDS_FOR = {
    "<this work>": _THIS_WORK,
    "<this>": _THIS,
    "<name>": _NAME,
    "<place>": _PLACE,
    "<source>": rf"(?:{_NAMED})?",
    "<end>": _END,
}
_LEAD_IN = re.compile(
    r"[\W_]*(?:(?:editor['’]?s['’]? |author['’]?s['’]? )?(?:note|update|disclaimer)\s?[:.–—-]\s*)?", re.I
)
_STEMS = (
    *("publish", "print", "post", "produc", "syndic", "excerpt", "extract", "adapt", "abridg", "condens", "translat"),
    *(
        "taken from",
        "provided by",
        "original",
        "previous",
        "appeared",
        "retract",
        "withdr",
        "errat",
        "corrig",
        "correct",
    ),
    *("concern", "version", "manuscript"),
)
_MAY_SAY = re.compile(  # the second quick look before the rules
    r"\b(?:re-?(?:produc(?:ed?|ing)|publish|print|post)|cross-?post|syndicated|excerpt|preprint|retract|withdraw|erratum"
    r"|corrigend|correction|expressions? of concern|provided by|now published|originally|previously|appeared first"
    r"|first (?:appeared|published|posted|printed)|the original"
    r"|(?:adapted|condensed|abridged|taken|translated) from an?\b"
    rf"|(?:this|above|following|present) (?:{_ADJECTIVE} )?"
    rf"(?:{_KINDS}|papers?|manuscript|preprint|work|study|version)\b"
    r"|(?:this|the) (?:is|previous|prior|earlier|initial|first|final|published) (?:\w+ ){0,4}(?:version|manuscript))",
    re.IGNORECASE,
)
_SENTENCE_GAP = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bal\.)(?<!\bvs\.)[\"”’)\]]*\s+(?=[\"“‘(\[]*[A-Z\d])"
)


class Where(StrEnum):
    """Where in an article a statement counts."""

    TITLE = "title"
    WHOLE = "whole"
    START = "start"
    SENTENCE = "sentence"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table: `example` says it by this rule, `prose` resembles it and says no such thing."""

    says: str
    where: Where
    pattern: re.Pattern[str]
    example: str
    prose: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence `text[start:end]` in which an article says of itself what `says` says; `name` is whom it names.

    The words that say so end at `said`, before which or directly after which a link belongs to them.
    """

    says: str
    start: int
    end: int
    said: int
    name: str = ""


@cache
def statement_rules() -> tuple[Rule, ...]:
    """The rows of the table, checked. Raises TableError naming the line that is wrong."""
    return tuple(_rule(number, cells) for number, cells in read_table(_TABLE, _COLUMNS))


def _rule(number: int, cells: tuple[str, ...]) -> Rule:
    says, where, pattern, example, prose = cells
    if says not in _SAYS:
        raise TableError(f"{_TABLE}, line {number}: found {says!r}, expected one of {', '.join(_SAYS)}")
    if where not in set(Where):
        raise TableError(f"{_TABLE}, line {number}: found the place {where!r}, expected {', '.join(Where)}")
    for sign, meaning in _STANDS_FOR.items():
        pattern = pattern.replace(sign, meaning)
    try:
        compiled = re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise TableError(f"{_TABLE}, line {number}: {cells[2]!r} is no regular expression: {error}") from error
    return Rule(says, Where(where), compiled, example, prose)


def title_notice(title: str) -> str:
    """`retracted` or `concern` where `title` begins by saying so ("RETRACTED: …"), else empty."""
    words = title.lstrip(" [(*")
    return next(
        (rule.says for rule in statement_rules() if rule.where is Where.TITLE and rule.pattern.match(words)), ""
    )


def statements_in(text: str) -> Iterator[Statement]:
    """What the piece `text` says of its article, at most one statement a sentence."""
    small = text.lower()
    if not any(stem in small for stem in _STEMS) or not _MAY_SAY.search(text):
        return
    for number, (start, end) in enumerate(sentence_spans(text)):
        if found := _statement(text, start, end, first=number == 0):
            yield found


def _statement(text: str, start: int, end: int, *, first: bool) -> Statement | None:
    sentence = text[start:end]
    if not _MAY_SAY.search(sentence):
        return None
    lead = length_at_start(_LEAD_IN, sentence)
    for rule in statement_rules():
        if found := _applied(rule, sentence, lead, first=first, alone=len(text) <= _LONGEST_NOTE):
            name = found.groupdict().get("name") or ""
            return Statement(rule.says, start, end, start + found.end(), name.rstrip("'’"))
    return None


def _applied(rule: Rule, sentence: str, lead: int, *, first: bool, alone: bool) -> re.Match[str] | None:
    if rule.where is Where.SENTENCE:
        return rule.pattern.search(sentence)
    if not first or (rule.says in NOTICES and not alone):
        return None
    if rule.where is Where.START:
        return rule.pattern.match(sentence, lead)
    return rule.pattern.fullmatch(sentence, lead) if rule.where is Where.WHOLE else None


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of `text` begin and end, near enough to tell which one holds a link."""
    start = 0
    for gap in _SENTENCE_GAP.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)
