"""Exact copies of one text are told apart by a number, so that each keeps a document id of its own."""

from collections.abc import Mapping
from typing import TypeAlias

from pipeline.records import stable_id

Place: TypeAlias = tuple[str, str]  # source_id, path


def text_id(text: str) -> str:
    """What all exact copies of `text` share: the document id of copy 0."""
    return stable_id("doc", text, 0)


def number_copies(texts: Mapping[Place, str], known: Mapping[str, Mapping[Place, int]]) -> dict[Place, int]:
    """The copy number of the text at each place.

    `texts` gives the text id found at each place now; `known` gives, for a text id, the places that have or
    once had it and their numbers. A place that is known keeps its number; the others get the lowest free
    numbers in the order of their places, whatever the order of `texts`.
    """
    numbers: dict[Place, int] = {}
    taken = {text: set(places.values()) for text, places in known.items()}
    for place in sorted(texts):
        text = texts[place]
        number = known.get(text, {}).get(place)
        if number is None:
            used = taken.setdefault(text, set())
            number = next(n for n in range(len(used) + 1) if n not in used)
            used.add(number)
        numbers[place] = number
    return numbers
