"""The relations that follow from a sentence's events, chains included.

"A raises B, improving C" gives A-B, A-C and B-C; "A improves C by lowering B" the same with B lowered.
Nothing follows by transitivity alone (annotation guide, rule 9).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from pipeline.claims.direction import ObjectArgument, direction, with_adverbs
from pipeline.claims.discourse import Agent, Discourse, distinct
from pipeline.claims.events import ACTING_OUTCOMES, AS_OBJECT, CROSSING, PRONOUNS, SentenceEvents
from pipeline.claims.scope import Scope, scope_of
from pipeline.claims.stated import stated_effects
from pipeline.claims.terms import Term
from pipeline.claims.tree import has_subject, with_conjuncts
from pipeline.records import Effect

# Slots of a noun that name who acts.
OWN_AGENT = {"subject", "cause", "quality", "induced"}
EFFECT_NOUNS = {"effect", "benefit", "improvement", "change", "adaptation", "response", "outcome", "gain"}
NAMED_AGAIN = {"this", "these", "such", "both"}
BRINGS = {"up", "good", "affect"}
OBJECT_OF_CLAIM = {"exerkine", "mechanism", "outcome"}


@dataclass(frozen=True, slots=True)
class Relation:
    """One effect of one concept on another, before context and evidence are added."""

    subject_id: str
    object_id: str
    effect: Effect
    negation_cue: str
    hedge_cue: str
    effect_cue: str
    rule: str
    predicate: int
    negated: bool = False


class SentenceRelations:
    """Relations of one sentence, from its events."""

    def __init__(self, events: SentenceEvents, earlier: Sequence[Discourse] = ()) -> None:
        self.events = events
        self.earlier = earlier

    def all(self) -> list[Relation]:
        """All relations of the sentence, chains included, without doubles."""
        found: list[Relation] = []
        for i in sorted(set(self.events.slots) | set(self._clause_heads())):
            found.extend(self._relations_at(self.events.sentence.doc[i]))
        found.extend(self._stated())
        found.extend(self._of_effects_named_again(found))
        best: dict[tuple[str, str], list[Relation]] = defaultdict(list)
        for relation in found:
            best[relation.subject_id, relation.object_id].append(relation)
        return [r for group in best.values() for r in _without_vague(group)]

    def reaches_past(self, relation: Relation, offset: int) -> bool:
        """Whether the predicate or the object of a relation lies at or after character `offset`."""
        doc = self.events.sentence.doc
        if doc[relation.predicate].idx >= offset:
            return True
        ends = (a.term for _, a in self.events.slots.get(relation.predicate, ()))
        return any(
            t.char_start >= offset and AS_OBJECT.get(t.concept_id, t.concept_id) == relation.object_id for t in ends
        )

    def discourse(self, relations: Sequence[Relation]) -> Discourse:
        """The sentence's subjects, what they changed, and its concepts, for anaphora in later sentences."""
        named = [a for i in sorted(self.events.climbed.at) for a in self.events.climbed.at[i] if a.term.head == i]
        mentioned = [g for g in self.events.as_agents(named) if g.role in {"exposure", "exerkine", "mechanism"}]
        by_id = {agent.concept_id: agent for agent in mentioned}
        main = [
            a
            for t in self.events.sentence
            if t.dep_ in {"nsubj", "nsubjpass", "csubj"} and t.head.dep_ in {"ROOT", "ccomp", "parataxis"}
            for a in self.events.as_agents(self.events.climbed.at.get(t.i, ()))
        ]
        unnamed = any(
            t.dep_ in {"nsubj", "nsubjpass"} and t.head.dep_ == "ROOT" and t.lower_ not in PRONOUNS
            for t in self.events.sentence
        )
        acting = [] if unnamed else [Agent(r.subject_id, self._role(r.subject_id), 0) for r in relations]
        subjects = main or acting or self._meant_subjects()
        changed = [by_id[r.object_id] for r in relations if r.object_id in by_id and not r.negated]
        effects = tuple((r.subject_id, r.object_id, r.effect) for r in relations if not r.negated)
        return Discourse(tuple(distinct(subjects)), tuple(distinct(changed)), tuple(distinct(mentioned)), effects)

    def _meant_subjects(self) -> list[Agent]:
        """What the pronoun stands for that is the subject of the sentence."""
        return [
            replace(agent, is_anaphor=False)
            for t in self.events.sentence
            if t.dep_ in {"nsubj", "nsubjpass"} and t.head.dep_ == "ROOT" and t.lower_ in {"it", "they"}
            for agent in self.events.resolve(t)
        ]

    def _role(self, concept_id: str) -> str:
        roles = {a.term.concept_id: a.term.role for i in self.events.climbed.at for a in self.events.climbed.at[i]}
        return roles.get(concept_id, "")

    def _clause_heads(self) -> list[int]:
        return [t.i for t in self.events.sentence if t.pos_ in {"VERB", "AUX"} and self.events.objects(t.i)]

    def _relations_at(self, token: Token) -> list[Relation]:
        objects = with_adverbs(token, self.events.objects(token.i), self.events.lexicon)
        if not objects:
            return []
        has_own_agent = any(slot in OWN_AGENT for slot, _ in self.events.slots[token.i])
        scope = scope_of(token, self.events.lexicon, stands_alone=has_own_agent)
        if scope.is_open:
            return []
        agents = self.events.agents(token.i) if token.pos_ in {"VERB", "AUX"} else self.events.noun_agents(token)
        rule = _rule_name(token)
        changes = [o for o in objects if o.is_change]
        if changes:  # "an increase in BDNF after exercise": only what the noun itself names as cause
            causes = self.events.as_agents(a for slot, a in self.events.slots[token.i] if slot in {"cause", "induced"})
            found = self._pairs(token, causes, changes, scope, "change-noun")
            objects = [o for o in objects if not o.is_change]
            found.extend(self._pairs(token, agents, objects, scope, rule) if objects else [])
        else:
            found = self._pairs(token, agents, objects, scope, rule)
        found.extend(self._chained(token, agents, objects, scope))
        return found

    def _stated(self) -> Iterator[Relation]:
        for stated in stated_effects(self.events):
            scope = scope_of(stated.predicate, self.events.lexicon)
            if not scope.is_open:
                scope = replace(scope, negations=(*scope.negations, stated.cue) if stated.cue else scope.negations)
                yield from self._pairs(stated.predicate, stated.agents, stated.objects, scope, stated.rule)

    def _of_effects_named_again(self, found: Sequence[Relation]) -> Iterator[Relation]:
        """As in "exercise improves memory, and IGF-1 promotes this effect": what it bears on is the effect's object."""
        for noun in self.events.sentence:
            if noun.lemma_.lower() not in EFFECT_NOUNS or not any(c.lower_ in NAMED_AGAIN for c in noun.children):
                continue
            verb = noun.head.head if noun.dep_ == "pobj" else noun.head
            slot = noun.head.lower_ if noun.dep_ == "pobj" else "obj"
            frames = dict(reversed(self.events.frames(verb)))
            if verb.pos_ != "VERB" or noun.dep_ not in {"dobj", "pobj", "nsubjpass"} or frames.get(slot) not in BRINGS:
                continue
            scope = scope_of(verb, self.events.lexicon)
            before = [r for r in found if r.predicate < verb.i and not r.negated]
            meant = {(r.object_id, r.effect): r.subject_id for r in before} or {
                (target, effect): subject for d in self.earlier[:1] for subject, target, effect in d.effects
            }
            for agent in self.events.agents(verb.i) if not (scope.is_open or scope.negations) else ():
                for (target, effect), subject in meant.items():
                    if agent.concept_id not in {target, subject} and not agent.is_anaphor:
                        yield Relation(
                            agent.concept_id, target, effect, "", scope.hedge, verb.text, "effect-named-again", verb.i
                        )

    def _pairs(
        self, token: Token, agents: list[Agent], objects: list[ObjectArgument], scope: Scope, rule: str
    ) -> list[Relation]:
        found = []
        for target in objects:
            for agent in agents:
                relation = self._pair(token, agent, target, scope, rule)
                if relation is not None:
                    found.append(relation)
        return found

    def _pair(self, token: Token, agent: Agent, target: ObjectArgument, scope: Scope, rule: str) -> Relation | None:
        argument, term = target.argument, target.argument.term
        object_id = AS_OBJECT.get(term.concept_id, term.concept_id)
        if term.role == "exposure" and object_id == term.concept_id:
            return None
        if (object_id == CROSSING and agent.role != "exerkine") or agent.concept_id == CROSSING:
            return None
        if object_id == agent.concept_id or term.head in self.events.climbed.replaced:
            return None
        if self._is_overlooked_verb_between(token, term):
            return None
        negations = [n for n in (*scope.negations, argument.negation, agent.negation) if n]
        way = direction(target, self.events.lexicon)
        is_change = target.predicate_class == "have" and argument.via_change and not argument.sign
        if target.predicate_class == "have" and not argument.sign and not (is_change and negations):
            return None
        negated = len(set(negations)) % 2 == 1
        if way and agent.sign:
            way *= agent.sign
        effect = {1: Effect.INCREASES, -1: Effect.DECREASES, 0: Effect.AFFECTS}[way]
        subject_id = agent.concept_id
        is_effect = agent.role == "outcome" and subject_id not in ACTING_OUTCOMES
        if target.predicate_class == "associate" and is_effect and term.role in {"exerkine", "mechanism"}:
            subject_id, object_id = object_id, subject_id  # "injury has been related with oxidative stress"
        return Relation(
            subject_id=subject_id,
            object_id=object_id,
            effect=effect,
            negation_cue=", ".join(dict.fromkeys(negations)) if negated else "",
            hedge_cue=scope.hedge or argument.hedge or agent.hedge,
            effect_cue=token.text,
            rule=rule + ("+anaphor" if agent.is_anaphor else ""),
            predicate=token.i,
            negated=negated,
        )

    def _is_overlooked_verb_between(self, predicate: Token, term: Term) -> bool:
        """Whether a verb of decrease stands between the two that the parser took for something else.

        "support health and slow down decline" read as support of decline would turn the claim around.
        """
        for token in self.events.sentence.doc[predicate.i + 1 : term.start]:
            if token.pos_ in {"VERB", "AUX"} or token.tag_ in {"NN", "NNS", "JJR", "VBN"}:
                continue
            if any(cls in {"down", "bad"} for _, cls in self.events.lexicon.predicates.get(("V", token.lower_), ())):
                return True
        return False

    def _chained(
        self, token: Token, agents: list[Agent], objects: list[ObjectArgument], scope: Scope
    ) -> list[Relation]:
        """Links from what an event changes to what follows from it: "A raises B, improving C" gives B-C."""
        found = []
        for lower, upper, rule in self._ties(token):
            middle = self._changed_by(upper)
            ends = with_adverbs(lower, self.events.objects(lower.i), self.events.lexicon)
            found.extend(self._pairs(lower, middle, ends, scope_of(lower, self.events.lexicon), rule))
        through = [
            a
            for slot, a in self.events.slots.get(token.i, ())
            if slot.startswith("prep:")
            and self.events.lexicon.preposition_is(slot.removeprefix("prep:"), "through")
            and a.term.role in OBJECT_OF_CLAIM
            and not any(a is target.argument for target in objects)
        ]
        own_agents = [g for g in agents if not any(g.concept_id == a.term.concept_id for a in through)]
        for argument in through:
            means = ObjectArgument(replace(argument, sign=argument.sign or 1), "have")
            found.extend(self._pairs(token, own_agents, [means], scope, "through"))
            if own_agents:
                found.extend(self._pairs(token, self.events.as_agents([argument]), objects, scope, "through"))
        return found

    def _ties(self, token: Token) -> list[tuple[Token, Token, str]]:
        """(result, means, rule): predicates tied so that the means' objects bring about the result's."""
        ties: list[tuple[Token, Token, str]] = []
        for child in token.children:
            if child.dep_ == "prep" and self.events.lexicon.preposition_is(child.lower_, "through"):
                for verb in (g for g in child.children if g.dep_ == "pcomp"):
                    ties.extend((token, means, "by-ing") for means in with_conjuncts(verb))
        head = token.head
        aims = [c for c in head.children if c.dep_ == "advcl" and c.tag_ == "VB" and head.i < c.i < token.i]
        for verb in [head, *([head.head] if head.dep_ == "conj" else []), *aims]:
            is_participle = token.dep_ == "advcl" and token.tag_ in {"VBG", "VB"} and verb.i != token.i
            after = is_participle and token.i > verb.i and not has_subject(token)
            if after and self._is_further_means(token, verb):
                ties.append((verb, token, "by-ing"))
            elif after and not any(c.dep_ in {"mark"} for c in token.children):
                ties.append((token, verb, "participle"))
        if token.dep_ == "conj" and any(c.lower_ in {"thereby", "thus", "hence", "therefore"} for c in token.children):
            ties.append((token, head, "thereby"))
        if token.dep_ == "conj" and head.dep_ == "advcl" and head.i > head.head.i and head.tag_ == "VBG":
            if self._is_further_means(head, head.head):
                ties.append((head.head, token, "by-ing"))
            else:
                ties.append((token, head.head, "participle"))
        return ties

    def _is_further_means(self, participle: Token, verb: Token) -> bool:
        """As in "by raising A and lowering B": the parser hung the second means on the main verb."""
        doc = self.events.sentence.doc
        is_joined = any(
            doc[t.i - 1].lower_ == "and"
            for t in self.events.sentence
            if t.tag_ == "VBG" and t.i >= participle.i > 0 and (t.i == participle.i or t.dep_ in {"advcl", "conj"})
        )
        return is_joined and any(
            c.dep_ == "prep" and c.lower_ == "by" and c.i < participle.i and any(g.dep_ == "pcomp" for g in c.children)
            for c in verb.children
        )

    def _changed_by(self, verb: Token) -> list[Agent]:
        """What a predicate changes, each with the direction in which it does."""
        changed = []
        for target in with_adverbs(verb, self.events.objects(verb.i), self.events.lexicon):
            term = target.argument.term
            if (
                term.role not in OBJECT_OF_CLAIM
                or term.head in self.events.climbed.replaced
                or term.concept_id == CROSSING
            ):
                continue
            if target.predicate_class == "have" and not target.argument.sign:
                continue
            way = direction(target, self.events.lexicon)
            concept = AS_OBJECT.get(term.concept_id, term.concept_id)
            changed.append(Agent(concept, term.role, way))
        return changed


def _without_vague(group: list[Relation]) -> list[Relation]:
    """Of one pair keep each directed reading once, and the vague one only where it stands alone."""
    directed = [r for r in group if r.effect is not Effect.AFFECTS or r.negated]
    kept: dict[tuple[Effect, bool], Relation] = {}
    for relation in directed or group:
        key = relation.effect, relation.negated
        if key not in kept or (kept[key].hedge_cue and not relation.hedge_cue):
            kept[key] = relation
    return list(kept.values())


def _rule_name(token: Token) -> str:
    if token.pos_ in {"VERB", "AUX"}:
        passive = any(c.dep_ in {"auxpass", "nsubjpass"} for c in token.children)
        return "verb-passive" if passive else "verb"
    return "noun" if token.pos_ in {"NOUN", "PROPN"} else "adjective"
