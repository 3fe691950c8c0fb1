"""Blocking: a wording beside a certain word means something else ("IL-6 receptor", "memory T cells")."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.concepts.normalizing import Normalizer, Pieces, joins
from pipeline.concepts.phrase_index import phrase_keys
from pipeline.concepts.vocabulary import Blocker
from pipeline.records import Concept

_HYPHENS = "-\u2010\u2011\u2012\u2013"


@dataclass(frozen=True, slots=True)
class _Rule:
    keys: tuple[str, ...]
    hyphen: bool
    wording: tuple[str, ...]


@dataclass(slots=True)
class _Rules:
    """Rules by the key of the word that touches the wording, after it and before it."""

    after: defaultdict[str, list[_Rule]] = field(default_factory=lambda: defaultdict(list))
    before: defaultdict[str, list[_Rule]] = field(default_factory=lambda: defaultdict(list))

    def add(self, rule: _Rule, after: bool) -> None:
        (self.after if after else self.before)[rule.keys[0 if after else -1]].append(rule)

    def fit(self, pieces: Pieces, first: int, last: int) -> bool:
        keys = pieces.keys
        if last + 1 < len(keys):
            for rule in self.after.get(keys[last + 1], ()):
                if _fits(rule, pieces, first, last, last + 1):
                    return True
        if first > 0:
            for rule in self.before.get(keys[first - 1], ()):
                if _fits(rule, pieces, first, last, first - len(rule.keys)):
                    return True
        return False


class Neighbours:
    """The blockers, by concept."""

    def __init__(self, blockers: Sequence[Blocker], concepts: Mapping[str, Concept], normalizer: Normalizer) -> None:
        self._forbidding: defaultdict[str, _Rules] = defaultdict(_Rules)
        self._required: defaultdict[str, _Rules] = defaultdict(_Rules)
        self._needy: set[tuple[str, tuple[str, ...]]] = set()
        for blocker in blockers:
            after = blocker.position.endswith("next")
            rule = _Rule(
                keys=normalizer.phrase(blocker.word),
                hyphen=(blocker.word[0] if after else blocker.word[-1]) in _HYPHENS,
                wording=phrase_keys(normalizer.pieces(blocker.wording)),
            )
            required = blocker.position.startswith("only")
            for concept_id, concept in concepts.items():
                if blocker.target in ("*", concept.role, concept_id):
                    (self._required if required else self._forbidding)[concept_id].add(rule, after)
                    if required:
                        self._needy.add((concept_id, rule.wording))

    def forbid(self, pieces: Pieces, first: int, last: int, concept_id: str) -> bool:
        """Whether the words beside pieces `first` to `last` say that they mean something else."""
        forbidding = self._forbidding.get(concept_id)
        return forbidding is not None and forbidding.fit(pieces, first, last)

    def confirm(self, pieces: Pieces, first: int, last: int, concept_id: str) -> bool | None:
        """Whether one of the words that the wording needs beside it is there; None where it needs none."""
        if (concept_id, tuple(pieces.keys[first : last + 1])) not in self._needy:
            return None
        return self._required[concept_id].fit(pieces, first, last)


def _fits(rule: _Rule, pieces: Pieces, first: int, last: int, start: int) -> bool:
    """Whether the rule's words stand at `start`, just before or just after pieces `first` to `last`."""
    end = start + len(rule.keys)
    if start < 0 or tuple(pieces.keys[start:end]) != rule.keys:
        return False
    if rule.wording and rule.wording != tuple(pieces.keys[first : last + 1]):
        return False
    border = last if start > last else first - 1
    if rule.hyphen:
        return len(pieces.gap(border)) == 1 and pieces.gap(border) in _HYPHENS
    return all(joins(pieces.gap(i)) for i in (border, *range(start, end - 1)))
