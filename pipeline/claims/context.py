"""What a claim holds for: species, population, modality, dose, duration, study design, timing, tissue and endpoint.

The claim's own sentence is asked first, then its neighbours in the paragraph, then, for the study design alone, the
article's title, unless the sentence speaks of other people's studies. Timing, tissue and endpoint are of the claim's
own sentence alone: timing of the clause that its predicate stands in, tissue and endpoint of the phrase that names its
object.
"""

from collections.abc import Sequence

from pipeline.claims.context_patterns import OF_SENTENCE, patterns
from pipeline.claims.object_context import OfObject
from pipeline.claims.wording import Wording
from pipeline.records import Context

NEIGHBOURS_SAY = {"population", "study_design", "duration"}
HUMAN, ANIMALS = "human", {"mouse", "rat", "animal"}
MODALITY_OF = {"resistance_training": "resistance", "aerobic_exercise": "aerobic", "hiit": "hiit"}


def context_of(
    sentence: str,
    neighbours: Sequence[str],
    title: str,
    subject_id: str,
    wording: Wording | None = None,
    section: str = "",
) -> Context:
    """The context of a claim about `subject_id` in `sentence`, which stands in `section`; unknown parts are empty."""
    position = wording.position if wording else 0
    found = {"species": _species(sentence, neighbours, position)}
    for kind in OF_SENTENCE[1:]:
        value = _first(kind, [sentence])
        if not value and kind in NEIGHBOURS_SAY:
            titles = [title] if kind == "study_design" and _is_of_own_study(sentence, section) else []
            value = _first(kind, [*neighbours, *titles])
        found[kind] = value
    found["modality"] = MODALITY_OF.get(subject_id, found["modality"])
    of_object = OfObject(wording) if wording and wording.object else None
    return Context(
        **found,
        timing=_timing(sentence, position),
        tissue=of_object.tissue() if of_object else "",
        endpoint=of_object.endpoint() if of_object else "",
    )


def _is_of_own_study(sentence: str, section: str) -> bool:
    """An introduction tells what others found: the design in the title is not that of their studies."""
    return not _all("others_section", section) or bool(_all("own_study", sentence))


def _first(kind: str, texts: Sequence[str]) -> str:
    for text in texts:
        for value, pattern in patterns()[kind]:
            match = pattern.search(text)
            if match:
                return match.group(0) if value == "*" else value
    return ""


def _all(kind: str, text: str) -> list[str]:
    """The values of the patterns that `text` holds, each once."""
    return list(dict.fromkeys(value for value, pattern in patterns()[kind] if pattern.search(text)))


def _species(sentence: str, neighbours: Sequence[str], position: int) -> str:
    """Of people and animals in one sentence, those of the predicate's clause; nothing where both stand there."""
    for text in (sentence, *neighbours):
        found = _all("species", text)
        if _is_mixed(found):
            found = _all("species", _clause(text, position)) if text is sentence else []
            return found[0] if found and not _is_mixed(found) else ""
        if found:
            return found[0]
    return ""


def _is_mixed(found: Sequence[str]) -> bool:
    return found[:1] == [HUMAN] and not ANIMALS.isdisjoint(found)


def _timing(sentence: str, position: int) -> str:
    found = _all("timing", _clause(sentence, position))
    return found[0] if len(found) == 1 else ""


def _clause(text: str, position: int) -> str:
    """The clause of `text` around `position`, without what it is only compared with."""
    for _, pattern in patterns()["set_apart"]:
        for match in pattern.finditer(text):
            if not match.start() <= position < match.end():
                text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    start, end = 0, len(text)
    for match in (m for _, pattern in patterns()["clause"] for m in pattern.finditer(text)):
        borders = [match.start()]
        if not text[: match.start()].strip():  # "While acute exercise raises it, training …"
            borders = [text.find(",", match.end())]
        for border in borders:
            if border <= position:
                start = max(start, border)
            else:
                end = min(end, border)
    return text[start:end]
