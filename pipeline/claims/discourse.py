"""Concepts in subject position, and what a sentence leaves behind for the next ones to refer to."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.records import Effect


@dataclass(frozen=True, slots=True)
class Agent:
    """A concept in subject position; `sign` is -1 where less of it acts, 0 where nothing is said."""

    concept_id: str
    role: str
    sign: int
    negation: str = ""
    hedge: str = ""
    is_anaphor: bool = False


@dataclass(frozen=True, slots=True)
class Discourse:
    """The concepts of one earlier sentence: its subjects, what they changed, and all it mentions.

    `effects` are (subject, object, effect) of what it asserted.
    """

    subjects: tuple[Agent, ...] = ()
    changed: tuple[Agent, ...] = ()
    mentioned: tuple[Agent, ...] = ()
    effects: tuple[tuple[str, str, Effect], ...] = ()


def distinct(agents: Iterable[Agent]) -> list[Agent]:
    """One agent a concept, in order; the last one said counts."""
    return list({agent.concept_id: agent for agent in agents}.values())
