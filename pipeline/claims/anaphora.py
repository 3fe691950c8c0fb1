"""What a pronoun or "this hormone" at the start of a clause refers to: the last fitting concepts.

The discourse so far is kept as the subjects and objects of the sentences before, nearest first.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Token

from pipeline.claims.discourse import Agent, Discourse

GROUPS = {"myokines", "growth_factors", "cytokines"}
STANDS_FOR = re.compile(r"\b(?:it|its|they|their|this|these|those|both|which)\b", re.IGNORECASE)
PLURAL = {"they", "their", "these", "those", "both"}
# Nouns that say of what kind the antecedent is.
KINDS = {
    "exerkine": {
        "hormone", "protein", "myokine", "exerkine", "molecule", "factor", "neurotrophin", "peptide", "cytokine",
        "neurotransmitter", "chemical", "substance", "compound", "messenger", "metabolite", "neurochemical",
        "signal", "catecholamine",
    },
    "mechanism": {"process", "mechanism", "pathway", "state", "response", "effect", "phenomenon", "change"},
    "exposure": {
        "training", "exercise", "activity", "workout", "practice", "routine", "modality", "regimen", "intervention",
        "program", "programme", "habit", "supplement", "diet", "approach",
    },
}  # fmt: skip


def antecedents(token: Token, earlier: Sequence[Discourse]) -> list[Agent]:
    """Agents that `token` (a pronoun, a possessive or a noun with "this") stands for, or none.

    `earlier` holds the sentences before, nearest first; two at most are asked.
    """
    kind = _kind_asked(token)
    for discourse in earlier[:2]:
        found = _in_sentence(token, kind, discourse)
        if found:
            return [replace(agent, is_anaphor=True, sign=0, negation="", hedge="") for agent in found]
    return []


def _kind_asked(token: Token) -> str:
    lemma = token.lemma_.lower()
    return next((kind for kind, nouns in KINDS.items() if lemma in nouns), "")


def _in_sentence(token: Token, kind: str, discourse: Discourse) -> list[Agent]:
    if kind:
        is_plural = token.tag_ in {"NNS", "NNPS"}
        pools = (discourse.changed, discourse.subjects, discourse.mentioned)
        for pool in pools:
            fitting = [agent for agent in pool if agent.role == kind]
            if fitting:
                return fitting if is_plural else fitting[-1:]
        # "both factors" may be of any kind: what the sentence before joined as its subject
        return list(discourse.subjects) if is_plural and len(discourse.subjects) > 1 else []
    word = token.lower_
    if token.pos_ in {"NOUN", "PROPN"}:
        return []
    if word in {"this", "that"}:
        return list(discourse.changed or discourse.subjects)
    if word in PLURAL:
        several = discourse.subjects if len(discourse.subjects) > 1 else ()
        groups = [a for a in (*discourse.subjects, *discourse.changed) if a.concept_id in GROUPS]
        listed = [a for a in discourse.changed if a.role == "exerkine"]
        return list(several or groups or (listed if len(listed) > 1 else ()))
    return list(discourse.subjects) if len(discourse.subjects) == 1 else []
