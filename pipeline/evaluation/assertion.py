"""Negation and hedging by scope, against events and sentences that others annotated.

GENIA's event corpus (Kim, Ohta and Tsujii 2008) says of each event whether the text says that it does not
happen (`assertion="non-exist"`) and whether it is certain. The words that the annotator marked as the event's
clue are taken as its predicate, and what `claims.scope` finds for them is compared. BioScope (Vincze et al.
2008) says which sentences hold a negation.
"""

import io
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from spacy.language import Language
from spacy.tokens import Doc, Token

from pipeline.claims.lexicon import Lexicon
from pipeline.claims.repairs import repair
from pipeline.claims.scope import scope_of
from pipeline.evaluation.evaluate import Tally
from pipeline.reading.xml_parsing import parse_xml

ASIDE = 5  # every fifth abstract is kept aside while cues and rules are written


@dataclass(frozen=True)
class Event:
    """An annotated event: its sentence, and its clue as character ranges of the sentence."""

    abstract: str
    sentence: str
    clue: tuple[tuple[int, int], ...]
    negated: bool
    uncertain: bool

    @property
    def is_aside(self) -> bool:
        """Whether the event's abstract is one of those that rules are not written by."""
        return int(self.abstract) % ASIDE == 0


def genia_events(archive: Path) -> Iterator[Event]:
    """The events of `genia-event.tar.xz` whose clue is marked, abstract after abstract."""
    with tarfile.open(archive) as tar:
        members = [m for m in tar.getmembers() if "GENIAcorpus_event/" in m.name and m.name.endswith(".xml")]
        for member in sorted(members, key=lambda m: m.name):
            file = tar.extractfile(member)
            assert file is not None
            yield from _events(Path(member.name).stem, parse_xml(file.read()))


def _events(abstract: str, root: Element) -> Iterator[Event]:
    for event in root.iter("event"):
        clue = event.find("clue")
        if clue is None:
            continue
        text, ranges = _text_and_ranges(clue)
        if ranges:
            yield Event(
                abstract,
                text,
                tuple(ranges),
                negated=event.get("assertion") == "non-exist",
                uncertain=event.get("uncertainty") in {"probable", "doubtful"},
            )


def _text_and_ranges(clue: Element) -> tuple[str, list[tuple[int, int]]]:
    """The sentence, and where its `clueType` elements lie."""
    text = io.StringIO()
    ranges = []
    text.write(clue.text or "")
    for child in clue:
        start = text.tell()
        text.write("".join(child.itertext()))
        if child.tag == "clueType":
            ranges.append((start, text.tell()))
        text.write(child.tail or "")
    return text.getvalue(), ranges


def clue_head(doc: Doc, event: Event) -> Token | None:
    """The word of the clue on which its other words hang."""
    span = doc.char_span(*event.clue[-1], alignment_mode="expand")
    return span.root if span is not None and len(span) else None


def assertion_figures(events: Iterable[Event], nlp: Language, lexicon: Lexicon) -> dict[str, Tally]:
    """Tallies of negated and uncertain events, for all and for those kept aside."""
    tallies = {name: Tally() for name in ("negated", "uncertain", "negated aside", "uncertain aside")}
    for event, negated, uncertain in judged(events, nlp, lexicon):
        for name, expected, found in (
            ("negated", event.negated, negated),
            ("uncertain", event.uncertain, uncertain),
        ):
            for tally in [tallies[name], *([tallies[f"{name} aside"]] if event.is_aside else [])]:
                tally.tp += expected and found
                tally.fn += expected and not found
                tally.fp += found and not expected
    return tallies


def judged(events: Iterable[Event], nlp: Language, lexicon: Lexicon) -> Iterator[tuple[Event, bool, bool]]:
    """Each event with what the scope of its clue says: negated, and uncertain."""
    listed = list(events)
    sentences = list(dict.fromkeys(event.sentence for event in listed))
    docs = dict(zip(sentences, nlp.pipe(sentences), strict=True))
    for doc in docs.values():
        repair(doc[:], lexicon)
    for event in listed:
        head = clue_head(docs[event.sentence], event)
        if head is None:
            yield event, False, False
            continue
        scope = scope_of(head, lexicon)
        yield event, len(scope.negations) % 2 == 1, bool(scope.hedge) or scope.is_open
