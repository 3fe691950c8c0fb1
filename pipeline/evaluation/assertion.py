"""Negation and hedging by scope, against events and sentences that others annotated.

GENIA's event corpus (Kim, Ohta and Tsujii 2008) says of each event whether the text says that it does not
happen (`assertion="non-exist"`) and whether it is certain. The words that the annotator marked as the event's
clue are taken as its predicate and the marked theme and cause as its arguments; what the rules of `claims`
find for them is compared.
"""

import io
import re
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from xml.etree.ElementTree import Element

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from pipeline.claims.lexicon import Lexicon
from pipeline.claims.repairs import repair
from pipeline.claims.scope import contrast_cue, denies, scope_of
from pipeline.evaluation.evaluate import Tally
from pipeline.reading.drafts import UnreadableError
from pipeline.reading.xml_parsing import parse_xml

ASIDE = 5  # every fifth abstract is kept aside while cues and rules are written
LEXICAL = {"adjective", "noun", "verb", "preposition", "determiner", "quantity", "unchanged"}
NEEDED = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer")
Range = tuple[int, int]  # characters of the sentence


@dataclass(frozen=True)
class Event:
    """An annotated event: its sentence, its clue, and its arguments (theme, cause and place)."""

    abstract: str
    sentence: str
    clue: tuple[Range, ...]
    arguments: tuple[Range, ...]
    negated: bool
    uncertain: bool

    @property
    def is_aside(self) -> bool:
        """Whether the event's abstract is one of those that rules are not written by."""
        return int(self.abstract) % ASIDE == 0


@dataclass(frozen=True)
class Judgement:
    """An event with what the rules say of it."""

    event: Event
    negated: bool
    uncertain: bool


class AssertionDataError(ValueError):
    """The archive is not that of GENIA's events."""


def genia_events(archive: Path) -> Iterator[Event]:
    """The events of `genia-event.tar.xz` whose clue is marked, abstract after abstract.

    Raises AssertionDataError for a file that holds none, OSError for one that cannot be opened.
    """
    try:
        with tarfile.open(archive) as tar:
            members = [m for m in tar.getmembers() if "GENIAcorpus_event/" in m.name and m.name.endswith(".xml")]
            if not members:
                raise AssertionDataError(
                    f"{archive} holds no GENIAcorpus_event/*.xml: give the archive genia-event.tar.xz"
                )
            for member in sorted(members, key=lambda m: m.name):
                file = tar.extractfile(member)
                if file is not None:
                    yield from _events_of_abstract(Path(member.name).stem, parse_xml(file.read()))
    except (tarfile.ReadError, UnreadableError) as error:
        raise AssertionDataError(f"{archive} cannot be read: {error}") from error


def _events_of_abstract(abstract: str, root: Element) -> Iterator[Event]:
    places: dict[str, Range] = {}
    for element in root.iter():
        if element.tag == "sentence":
            places.update(_terms(element))
        clue = element.find("clue") if element.tag == "event" else None
        if clue is None:
            continue
        text, ranges = _text_and_ranges(clue, "clueType")
        if not ranges:
            continue
        _, where = _text_and_ranges(clue, "clueLoc")
        places[element.get("id", "")] = ranges[-1]
        named = [a.get("idref", "") for a in element if a.tag in {"theme", "cause"}]
        yield Event(
            abstract,
            text,
            tuple(ranges),
            (*(places[name] for name in named if name in places), *where),
            negated=element.get("assertion") == "non-exist",
            uncertain=element.get("uncertainty") in {"probable", "doubtful"},
        )


def _terms(sentence: Element) -> dict[str, Range]:
    """Where the terms of a sentence lie, which may hold each other."""
    found: dict[str, Range] = {}

    def walk(element: Element, start: int) -> int:
        end = start + len(element.text or "")
        for child in element:
            end = walk(child, end) + len(child.tail or "")
        if element.tag == "term" and element.get("id"):
            found[element.get("id", "")] = start, end
        return end

    walk(sentence, 0)
    return found


def _text_and_ranges(clue: Element, tag: str) -> tuple[str, list[Range]]:
    """The sentence, and where the elements `tag` of the clue lie."""
    text = io.StringIO()
    ranges = []
    text.write(clue.text or "")
    for child in clue:
        start = text.tell()
        text.write("".join(child.itertext()))
        if child.tag == tag:
            ranges.append((start, text.tell()))
        text.write(child.tail or "")
    return text.getvalue(), ranges


def judged(events: Iterable[Event], nlp: Language, lexicon: Lexicon) -> Iterator[Judgement]:
    """What the scope of each event's clue says of it."""
    grouped = [(sentence, list(group)) for sentence, group in groupby(events, key=lambda event: event.sentence)]
    with nlp.select_pipes(enable=[name for name in NEEDED if name in nlp.pipe_names]):
        docs = nlp.pipe(sentence for sentence, _ in grouped)
        for (_, group), doc in zip(grouped, docs, strict=True):
            repair(doc[:], lexicon)
            yield from (_judgement(event, doc, lexicon) for event in group)


def _judgement(event: Event, doc: Doc, lexicon: Lexicon) -> Judgement:
    clue = [span for start, end in event.clue if (span := _span(doc, start, end)) is not None]
    if not clue:
        return Judgement(event, False, False)
    scope = scope_of(clue[-1].root, lexicon)
    negations = {cue.lower() for cue in scope.negations}
    words = {part for span in clue for token in span for part in re.split(r"[\W_]+", token.text.lower())}
    words.update(token.lemma_.lower() for span in clue for token in span)
    if any(lexicon.negation.get(word, frozenset()) & LEXICAL for word in words):
        negations = negations - {token.text.lower() for span in clue for token in span} | {"clue"}
    arguments = [span.root for start, end in event.arguments if (span := _span(doc, start, end)) is not None]
    negations.update(cue.lower() for argument in arguments if (cue := _cue_at(argument, clue[-1].root)))
    is_hedged = bool(scope.hedge) or any(word in lexicon.hedges for word in words)
    return Judgement(event, len(negations) % 2 == 1, is_hedged or scope.is_open)


def _span(doc: Doc, start: int, end: int) -> Span | None:
    return doc.char_span(start, end, alignment_mode="expand")


def _cue_at(argument: Token, predicate: Token) -> str:
    """The negation that an argument brings along: "but not A", "no A", "neither A nor B"."""
    anchor = predicate.head if predicate.dep_ in {"nsubjpass", "dobj", "attr", "conj"} else predicate
    if not anchor.is_ancestor(argument):
        return ""
    if cue := contrast_cue(argument):
        return cue
    token = argument
    for _ in range(8):
        if token.i == predicate.i:
            break
        for child in token.children:
            if denies(child):
                return str(child.text)
        token = token.head
    return ""


def assertion_tallies(judgements: Iterable[Judgement]) -> dict[str, Tally]:
    """Tallies of negated and of uncertain events, for those that rules were written by and those kept aside."""
    tallies = {name: Tally() for name in ("negated", "uncertain", "negated, kept aside", "uncertain, kept aside")}
    for judgement in judgements:
        event = judgement.event
        for name, expected, found in (
            ("negated", event.negated, judgement.negated),
            ("uncertain", event.uncertain, judgement.uncertain),
        ):
            tally = tallies[f"{name}, kept aside" if event.is_aside else name]
            tally.tp += expected and found
            tally.fn += expected and not found
            tally.fp += found and not expected
    return tallies
