"""Predicates with their subjects and objects.

An event is a token that some term reached. Its lexicon frames say which slots hold the object and what
the predicate does to it; the subject is found at the event itself or at what governs it (complements,
conjuncts, participles, "by V-ing", relative clauses).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from spacy.tokens import Span, Token

from pipeline.claims.climbing import Argument, Climbed, climb_all
from pipeline.claims.direction import ObjectArgument, direction
from pipeline.claims.discourse import Agent, distinct
from pipeline.claims.lexicon import Lexicon
from pipeline.claims.terms import Term
from pipeline.claims.tree import SUBJECTS, first_conjunct, has_object, has_subject

# As an object the state becomes what it is a state of (annotation guide, rule 15 and the vocabulary's scopes).
AS_OBJECT = {"muscle_mass": "muscle_growth", "stress": "stress_outcome", "sarcopenia": "muscle_atrophy"}
AS_SUBJECT = {"stress_outcome": "stress"}
PRONOUNS = {"it", "they", "this", "these", "that", "which", "who", "both"}
MEANS_PREPOSITIONS = {"by", "in", "for", "at", "of", "through", "via", "to", "with", "without", "from", "while"}
EXPLETIVE_VERBS = {"come", "seem", "appear", "happen", "take", "follow"}
HELD_BY_VERB = {
    "dobj", "attr", "acomp", "oprd", "xcomp", "advcl", "conj", "prep", "ccomp", "advmod", "npadvmod",
}  # fmt: skip
CROSSING = "bbb_crossing"
NAMING = {"NOUN", "PROPN", "VERB", "NUM"}
# Outcomes that annotators take for the cause of what they are associated with; other outcomes are the effect.
ACTING_OUTCOMES = {
    "sleep", "obesity", "body_fat", "fatty_liver", "type2_diabetes", "metabolic_disease", "depression", "stroke",
}  # fmt: skip
STATES = {"sleep"}  # outcomes that also act as exposures do (annotation guide, rule 1)
MODAL_EXERCISE = {"resistance_training", "aerobic_exercise", "hiit"}
WAYS = {"way", "mechanism", "means", "route", "method"}
ACTING_AS = {"act", "serve", "function", "work"}
DEMONSTRATIVES = {"this", "these", "such", "both"}
CLASSES = {"exercise", "myokines", "growth_factors", "cytokines", "neurotransmission"}


Resolve = Callable[[Token], list[Agent]]


class SentenceEvents:
    """The events of one sentence. Holds the tree walk's memo; asked by `relations`."""

    def __init__(
        self, sentence: Span, terms: Sequence[Term], lexicon: Lexicon, resolve: Resolve, starter: Sequence[Agent] = ()
    ) -> None:
        self.sentence = sentence
        self.lexicon = lexicon
        self.resolve = resolve
        self.starter = list(starter)
        self.climbed: Climbed = climb_all(sentence, terms, lexicon)
        self.slots: defaultdict[int, list[tuple[str, Argument]]] = defaultdict(list)
        for placement in self.climbed.placements:
            if placement.argument.term.head not in self.climbed.replaced:
                self.slots[placement.predicate].append((placement.slot, placement.argument))
        self._agents: dict[int, list[Agent]] = {}
        self._objects: dict[int, list[ObjectArgument]] = {}

    def objects(self, i: int) -> list[ObjectArgument]:
        """Arguments that the predicate at token `i` acts on."""
        if i not in self._objects:
            self._objects[i] = []
            self._objects[i] = self._find_objects(self.sentence.doc[i])
        return self._objects[i]

    def _find_objects(self, token: Token) -> list[ObjectArgument]:
        found: list[ObjectArgument] = []
        frames = self.frames(token)
        for slot, argument in self.slots.get(token.i, ()):
            predicate_class = self._object_class(token, slot, argument, frames)
            if predicate_class is not None and argument.term.is_landmark == (predicate_class == "cross"):
                found.append(ObjectArgument(argument, predicate_class))
            elif predicate_class in {"good", "bad"} and self._is_the_brain(argument.term):
                health = replace(argument.term, concept_id="brain_health", role="outcome", is_landmark=False)
                found.append(ObjectArgument(replace(argument, term=health), predicate_class))
        if token.pos_ not in {"VERB", "AUX"}:
            found.extend(self._caused(token))
        if token.pos_ in {"VERB", "AUX"} and not has_object(token):
            found.extend(self._raised_objects(token, frames))
            found.extend(self._passive_objects(token, frames))
            for child in token.children:  # "raises and sustains BDNF": the first verb shares the object
                if child.dep_ == "conj" and child.pos_ == "VERB" and not found and not has_subject(child):
                    found = [
                        replace(o, predicate_class=cls)
                        for o in self.objects(child.i)
                        for slot, cls in frames
                        if slot == "obj"
                    ]
        return found

    def _is_the_brain(self, term: Term) -> bool:
        """As in "protects the brain": what is good for it is good for its health."""
        words = self.sentence.doc[term.start : term.end]
        is_named = (
            term.is_landmark and words.text.lower() in {"brain", "brains"} and words.root.dep_ in {"dobj", "pobj"}
        )
        return is_named and not any(c.lower_ == "against" for c in words.root.head.children)

    def _caused(self, noun: Token) -> list[ObjectArgument]:
        """What a noun that names its cause says to change: "exercise-induced IL-6", "rise in BDNF after exercise"."""
        slots = {slot for slot, _ in self.slots.get(noun.i, ())}
        if not slots & {"cause", "induced"}:
            return []
        is_made = "induced" in slots or self.lexicon.noun_is(noun.lemma_.lower(), "made")
        return [
            ObjectArgument(argument, _class_of_change(argument), is_change=True)
            for argument in self.climbed.at.get(noun.i, ())
            if (argument.sign or argument.via_change or is_made) and not self._is_described_apart(argument.term, noun)
        ]

    def _is_described_apart(self, term: Term, noun: Token) -> bool:
        """As in "exercise-induced IL-6 and chronic inflammation": a conjunct with an adjective of its own."""
        head = self.sentence.doc[term.head]
        return term.head != noun.i and head.dep_ == "conj" and any(c.dep_ == "amod" for c in head.children)

    def _raised_objects(self, verb: Token, frames: tuple[tuple[str, str], ...]) -> list[ObjectArgument]:
        """As in "BDNF was shown to rise": what rises is the subject of the verb above."""
        change = dict(frames).get("self")
        if change is None or verb.dep_ not in {"xcomp", "conj"} or has_subject(verb) or self._shares_object(verb):
            return []
        if has_object(verb):
            return []
        above = verb.head
        while above.dep_ in {"xcomp", "conj"} and not has_subject(above) and above.pos_ in {"VERB", "AUX"}:
            above = above.head
        if verb.dep_ == "conj" and not any(o.predicate_class in {"up", "down"} for o in self.objects(above.i)):
            return []
        return [
            ObjectArgument(argument, change)
            for slot, argument in self.slots.get(above.i, ())
            if slot in {"nsubj", "nsubjpass"} and argument.term.role != "exposure"
        ]

    def _passive_objects(self, verb: Token, frames: tuple[tuple[str, str], ...]) -> list[ObjectArgument]:
        """What a passive acts on where it is a pronoun ("it is released") or the noun above ("BDNF released by")."""
        change = dict(reversed(frames)).get("obj")
        if change is None or change == "have" or verb.tag_ not in {"VBN", "VBD"}:
            return []
        pronoun = next((c for c in verb.children if c.dep_ == "nsubjpass" and c.lower_ in PRONOUNS), None)
        if pronoun is not None:
            agents = self._pronoun_agents(pronoun, verb)
            return [ObjectArgument(Argument(_stand_in(agent, pronoun)), change) for agent in agents]
        if verb.dep_ not in {"acl", "conj"} or not self.causes(verb, self.slots.get(verb.i, ()), set()):
            return []
        noun = first_conjunct(verb).head if first_conjunct(verb).dep_ == "acl" else None
        if noun is None:
            return []
        reached = [a for a in self.climbed.at.get(noun.i, ()) if not a.term.is_effect and a.term.role != "exposure"]
        if not reached and noun.dep_ == "attr":
            reached = [a for slot, a in self.slots.get(noun.head.i, ()) if slot == "nsubj"]
        return [ObjectArgument(argument, change) for argument in reached]

    def frames(self, token: Token) -> tuple[tuple[str, str], ...]:
        """(slot, class) pairs of a predicate."""
        lemma = token.lemma_.lower()
        predicates = self.lexicon.predicates
        if token.pos_ in {"VERB", "AUX"}:
            return predicates.get(("V", lemma), ()) + predicates.get(("A", token.lower_), ())
        if token.pos_ in {"ADJ", "ADV"}:
            return predicates.get(("A", token.lower_), ())
        frames = predicates.get(("N", lemma), ())
        return frames or predicates.get(("A", token.lower_), ())

    def _object_class(
        self, token: Token, slot: str, argument: Argument, frames: tuple[tuple[str, str], ...]
    ) -> str | None:
        by_slot = dict(reversed(frames))
        is_passive = any(c.dep_ in {"auxpass", "nsubjpass"} for c in token.children) or (
            token.tag_ == "VBN" and token.dep_ in {"acl"}
        )
        if slot in {"dobj", "dative"}:
            return by_slot.get("obj")
        if slot in {"attr", "acomp", "oprd"}:
            return by_slot.get("attr") or by_slot.get("obj")
        is_made = is_passive and "made-from" in by_slot and any(c.lower_ == "from" for c in token.children)
        if is_made and slot in {"nsubj", "nsubjpass"}:
            return by_slot["made-from"]  # "irisin is cut from its precursor": what is cut off is not lessened
        if slot == "nsubjpass":
            found = by_slot.get("obj")
            is_raised = any(c.dep_ in {"xcomp", "ccomp", "oprd"} for c in token.children)
            return None if found == "have" and is_raised else found
        if slot == "nsubj":
            if is_passive and "obj" in by_slot:
                return by_slot["obj"]
            if "self" in by_slot and not has_object(token) and not self._shares_object(token):
                return by_slot["self"]
            if "none" in by_slot and argument.sign:
                return by_slot["none"]
            return None
        if slot == "agent":  # "obesity is accompanied by inflammation"
            return by_slot.get("agent")
        if slot == "root" and argument.sign:
            return "have"
        if slot.startswith("prep:"):
            found = by_slot.get(slot.removeprefix("prep:"))
            if found == "reverse":
                return None
            return found
        return None

    def _shares_object(self, token: Token) -> bool:
        return any(
            c.dep_ == "conj" and c.pos_ == "VERB" and any(g.dep_ == "dobj" for g in c.children) for c in token.children
        )

    def agents(self, i: int) -> list[Agent]:
        """Concepts that the predicate at token `i` has as its subject."""
        if i not in self._agents:
            self._agents[i] = []
            self._agents[i] = distinct(self._find_agents(self.sentence.doc[i]))
        return self._agents[i]

    def _find_agents(self, token: Token) -> list[Agent]:
        if token.pos_ in {"VERB", "AUX"}:
            return self._verb_agents(token)
        return self.noun_agents(token)

    def as_agents(self, arguments: Iterable[Argument]) -> list[Agent]:
        agents = []
        for argument in arguments:
            term = argument.term
            if term.head in self.climbed.replaced or term.is_effect or term.is_landmark:
                continue
            if term.polarity < 0 and term.concept_id in self.lexicon.disorders:
                continue  # what "cardiovascular health" does is not said of the disease
            concept = AS_SUBJECT.get(term.concept_id, term.concept_id)
            sign = (argument.sign or 1) * term.polarity if argument.sign or term.polarity < 0 else 0
            role = "exposure" if concept in AS_SUBJECT.values() else term.role
            agents.append(Agent(concept, role, sign, argument.negation, argument.hedge))
        return agents

    def _verb_agents(self, verb: Token) -> list[Agent]:
        slots = self.slots.get(verb.i, ())
        object_slots = {id(o.argument) for o in self.objects(verb.i)}
        by_slot = dict(reversed(self.frames(verb)))
        if "reverse" in by_slot.values():
            reverse = [
                a
                for s, a in slots
                if (s.startswith("prep:") and by_slot.get(s.removeprefix("prep:")) == "reverse")
                or (s == "dobj" and by_slot.get("obj") == "reverse")
            ]
            if reverse:
                return self.as_agents(reverse)
        own = [a for slot, a in slots if slot in {"nsubj", "nsubjpass", "csubj", "agent"} and id(a) not in object_slots]
        own = self._acting(own, verb)
        if any(slot == "agent" and id(a) not in object_slots for slot, a in slots):
            own = [a for slot, a in slots if slot == "agent"]
        gerund = next((c for c in verb.children if c.dep_ == "csubj" and c.tag_ == "VBG" and c.i < verb.i), None)
        if gerund is not None and not own and (changed := self._changed_by_gerund(gerund)):
            return changed
        if own:
            agents = self.as_agents(own)
            if any(agent.concept_id == "muscle_contraction" for agent in agents):
                during = self.causes(verb, slots, object_slots)
                return [a for a in during if a.concept_id in MODAL_EXERCISE] or agents
            return agents
        causes = self.causes(verb, slots, object_slots)
        relative = self._relative(verb)
        if relative is not None:
            return causes or self._pronoun_agents(relative, verb)
        subject = next((c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass", "csubj"}), None)
        if subject is not None:
            if subject.lower_ == "it" and verb.lemma_ in EXPLETIVE_VERBS:
                return causes
            if subject.lower_ in PRONOUNS:
                meant = self._pronoun_agents(subject, verb)
                is_active = has_object(verb) or verb.lemma_ in ACTING_AS  # "in the context of exercise, it acts as"
                return (meant or causes) if is_active else (causes or meant)
            reached = self.as_agents(a for a in self.climbed.at.get(subject.i, ()) if id(a) not in object_slots)
            if reached and not any(slot in {"nsubj", "nsubjpass"} for slot, _ in slots):
                return reached
            if causes:
                return [] if self._is_other_agent(subject, verb) else causes
            if any(c.dep_ in {"det", "poss"} and c.lower_ in DEMONSTRATIVES for c in subject.children):
                return self.resolve(subject)
            if not reached and (occasion := self._occasion(verb)):
                return occasion
            if any(id(a) in object_slots for slot, a in slots if slot in {"nsubj", "nsubjpass"}):
                return self._governor_agents(verb) if verb.dep_ in {"xcomp"} else causes
            return []
        if (causes and verb.dep_ in {"ROOT", "acl", "relcl", "ccomp"}) or self._raised_objects(verb, self.frames(verb)):
            return causes
        governing = self._governor_agents(verb)
        shared = self._shared_subject(verb)
        is_taken = shared is not None and self._is_other_agent(shared, verb)
        return governing or ([] if is_taken else causes)

    def _shared_subject(self, verb: Token) -> Token | None:
        """The subject that a complement or conjunct shares with the verbs above it."""
        token = verb
        while token.dep_ in {"xcomp", "conj"} and token.head.pos_ in {"VERB", "AUX"}:
            token = token.head
            for child in token.children:
                if child.dep_ in {"nsubj", "nsubjpass"}:
                    return child
        return None

    def _changed_by_gerund(self, gerund: Token) -> list[Agent]:
        """As in "reducing inflammation improves mood": what acts is less inflammation."""
        changed = []
        for target in self.objects(gerund.i):
            way = direction(target, self.lexicon)
            agents = self.as_agents([target.argument])
            changed += [replace(agent, sign=way) for agent in agents if way]
        return changed

    def _acting(self, arguments: Sequence[Argument], verb: Token) -> list[Argument]:
        """Without what people suffer from: in "patients with cancer reduced their anxiety" the cancer does nothing."""
        if any(cls == "have" for _, cls in self.frames(verb)):
            return list(arguments)
        return [a for a in arguments if not a.via_people or a.term.role == "exposure"]

    def _is_other_agent(self, subject: Token, verb: Token) -> bool:
        """As in "magnesium reduces soreness after training": what acts is named, though it is no concept."""
        if verb.tag_ == "VBN" or any(c.dep_ == "auxpass" for c in verb.children) or not has_object(verb):
            return False
        return subject.pos_ in NAMING and not self.lexicon.noun_is(subject.lemma_.lower(), "experiencer")

    def _occasion(self, verb: Token) -> list[Agent]:
        """As in "when you exercise, your muscles release irisin": the clause that says when names the cause."""
        clauses = [c for c in verb.children if c.dep_ == "advcl" and any(g.lower_ == "when" for g in c.children)]
        named = [a for c in clauses for a in self.climbed.at.get(c.i, ()) if a.term.head == c.i]
        return self.as_agents(a for a in named if a.term.role == "exposure")

    def _relative(self, verb: Token) -> Token | None:
        """The relative word that stands for the subject of `verb`: "which", or "which" in "both of which"."""
        for token in self.sentence.doc[verb.left_edge.i : verb.i]:
            if token.lower_ not in {"which", "that", "who"} or token.dep_ in {"dobj", "mark", "det"}:
                continue
            if token.head.i == verb.i and (verb.dep_ == "relcl" or token.lower_ == "which"):
                return token
            if token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.head.i == verb.i:
                return token
        return None

    def causes(self, verb: Token, slots: Sequence[tuple[str, Argument]], object_slots: set[int]) -> list[Agent]:
        """What prepositions at a verb name as the cause; arguments whose ids are in `object_slots` are no causes."""
        causes = []
        for slot, argument in slots:
            if id(argument) in object_slots:
                continue
            if slot == "cause":
                causes.append(argument)
            if slot.startswith("prep:"):
                word, role = slot.removeprefix("prep:"), argument.term.role
                strong = any(self.lexicon.preposition_is(word, k) for k in ("agent", "through", "cause"))
                weak = self.lexicon.preposition_is(word, "exposure") and (
                    role == "exposure" or argument.term.concept_id in STATES
                )
                if (strong and word not in {"in", "on"}) or weak:
                    causes.append(argument)
        agents = self.as_agents(causes)
        if not agents and verb.dep_ in {"xcomp", "ccomp"} and verb.head.pos_ in {"VERB", "AUX"}:
            head_slots = [s for s in self.slots.get(verb.head.i, ()) if s[0].startswith("prep:") or s[0] == "cause"]
            agents = [] if not head_slots or verb.head.i == verb.i else self.causes(verb.head, head_slots, object_slots)
        return agents

    def _pronoun_agents(self, pronoun: Token, verb: Token) -> list[Agent]:
        word = pronoun.lower_
        if word in {"which", "that", "who"} and not (word == "that" and verb.dep_ != "relcl"):
            return self._relative_agents(pronoun, verb)
        return self._anaphor_agents(pronoun)

    def _anaphor_agents(self, pronoun: Token) -> list[Agent]:
        """A pronoun's concepts: the subject of an earlier clause, else what the sentences before speak of.

        An earlier subject that names no concept is what the pronoun means, and then there is none.
        """
        inside, is_named = self._earlier_subject(pronoun)
        return inside if is_named else self.resolve(pronoun)

    def _relative_agents(self, pronoun: Token, verb: Token) -> list[Agent]:
        if any(o.predicate_class == "cross" for o in self.objects(verb.i)):
            named = [a for a in self._named_before(pronoun.i) if a.role == "exerkine"][-1:]
            return named or self._nearest_before(pronoun.i)
        if verb.dep_ != "relcl" or verb.head.pos_ in {"VERB", "AUX"}:
            return self._nearest_before(pronoun.i)
        head = self._phrase_spoken_of(verb.head) if pronoun.lower_ == "which" else verb.head
        reached = self.as_agents(self.climbed.at.get(head.i, ()))
        if verb.tag_ == "VBP" and head.dep_ == "conj" and head.tag_ != "NNS":  # "A and B that raise C"
            reached = self._joined_with(head) or reached
        named = self._subject_of_copula(head)
        if named and (head.dep_ == "pobj" or all(agent.concept_id in CLASSES for agent in reached)):
            return named
        if pronoun.lower_ == "which" and reached and all(agent.role == "exposure" for agent in reached):
            reached = self._released_before(head) or reached
        if not reached and self.lexicon.noun_is(head.lemma_.lower(), "quality"):
            return self.noun_agents(head)
        if any(o.predicate_class == "associate" for o in self.objects(verb.i)):
            return [replace(agent, sign=0) for agent in reached]  # "lower IL-6, which is linked to inflammation"
        return self._event_reading(verb, head, reached) if reached else []

    def _released_before(self, noun: Token) -> list[Agent]:
        """ "produces lactate during exercise, which …" speaks of the lactate."""
        if noun.dep_ != "pobj" or noun.head.head.pos_ not in {"VERB", "AUX"}:
            return []
        objects = [a for slot, a in self.slots.get(noun.head.head.i, ()) if slot == "dobj"]
        return self.as_agents(a for a in objects if a.term.role == "exerkine")

    def _phrase_spoken_of(self, noun: Token) -> Token:
        """As in "a decrease in blood flow to the brain, which …" speaks of the decrease, not of the brain."""
        spoken_of = noun
        while noun.dep_ == "pobj" and noun.head.dep_ == "prep" and noun.head.head.pos_ == "NOUN":
            noun = noun.head.head
            is_change = self.lexicon.nouns.get(noun.lemma_.lower(), frozenset()) & {"up", "down", "good", "bad"}
            if is_change or not self.climbed.at.get(spoken_of.i):
                spoken_of = noun
        preposition = spoken_of.head
        if spoken_of.dep_ == "pobj" and preposition.head.pos_ == "VERB" and not self.climbed.at.get(spoken_of.i):
            changed = [c for c in preposition.head.children if c.dep_ == "dobj" and c.i == preposition.i - 1]
            spoken_of = changed[0] if changed else spoken_of  # "increases blood flow to the brain, which …"
        return spoken_of

    def _subject_of_copula(self, noun: Token) -> list[Agent]:
        """As in "X is a type of exercise that …": the relative clause speaks of X."""
        while noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.pos_ == "NOUN":
            noun = noun.head.head
        while noun.dep_ in {"appos", "conj"} and noun.head.i < noun.i:
            noun = noun.head
        if noun.dep_ == "attr" and noun.head.lemma_ == "be":
            return self.agents(noun.head.i)
        if noun.dep_ == "pobj" and noun.head.lower_ == "as" and noun.head.head.lemma_ in ACTING_AS:
            return self.agents(noun.head.head.i)
        return []

    def _event_reading(self, verb: Token, head: Token, agents: list[Agent]) -> list[Agent]:
        """As in "reduces inflammation, which improves memory": what improves memory is the reduction."""
        has_comma = any(c.lower_ == "," for c in head.children) or (
            verb.left_edge.i > 0 and self.sentence.doc[verb.left_edge.i - 1].lower_ == ","
        )
        if not has_comma or head.dep_ not in {"dobj", "conj"}:
            return agents
        governor = head.head if head.dep_ == "dobj" else head.head.head
        if not any(o.predicate_class in {"down", "bad"} for o in self.objects(governor.i)):
            return agents
        outcomes = self.objects(verb.i)
        kept = []
        for agent in agents:
            if agent.sign == 0 and outcomes and self._is_coherent_as_event(agent, outcomes[0]):
                agent = replace(agent, sign=-1)
            kept.append(agent)
        return kept

    def _is_coherent_as_event(self, agent: Agent, outcome: ObjectArgument) -> bool:
        way = direction(outcome, self.lexicon)
        value = -1 if agent.concept_id in self.lexicon.bad else 1
        worth = -1 if outcome.argument.surface_is_bad(self.lexicon) else 1
        return way != 0 and way * worth != value

    def _nearest_before(self, i: int) -> list[Agent]:
        """The last term before token `i` with what it is joined to by coordination."""
        before = [a for j in range(self.sentence.start, i) for a in self.climbed.at.get(j, ()) if a.term.head == j]
        if not before:
            return []
        return self._joined_with(self.sentence.doc[before[-1].term.head], before=i)

    def _joined_with(self, token: Token, before: int | None = None) -> list[Agent]:
        """The terms of the coordination that `token` belongs to."""
        first = first_conjunct(token)
        return self.as_agents(
            a
            for j in range(self.sentence.start, self.sentence.end if before is None else before)
            for a in self.climbed.at.get(j, ())
            if a.term.head == j and first_conjunct(self.sentence.doc[j]).i == first.i
        )

    def _named_before(self, i: int) -> list[Agent]:
        return self.as_agents(
            a for j in range(self.sentence.start, i) for a in self.climbed.at.get(j, ()) if a.term.head == j
        )

    def _earlier_subject(self, pronoun: Token) -> tuple[list[Agent], bool]:
        """The subject of the nearest earlier clause of the sentence, and whether there is such a clause."""
        for token in reversed(self.sentence.doc[self.sentence.start : pronoun.i]):
            is_subject = token.dep_ in SUBJECTS and token.dep_ != "expl" and token.pos_ in NAMING
            if is_subject and token.head.i != pronoun.head.i and token.head.dep_ not in {"relcl", "acl"}:
                return self.as_agents(self.climbed.at.get(token.i, ())), True
        return [], False

    def surface_subjects(self, verb: Token) -> list[Agent]:
        """The grammatical subject, which conjuncts and complements share; the agents where there is none."""
        gerund = next((c for c in verb.children if c.dep_ == "csubj" and c.tag_ == "VBG" and c.i < verb.i), None)
        if gerund is not None and (changed := self._changed_by_gerund(gerund)):
            return changed
        subjects = [a for slot, a in self.slots.get(verb.i, ()) if slot in {"nsubj", "nsubjpass", "csubj"}]
        own = self._acting(subjects, verb)
        pronoun = next((c for c in verb.children if c.dep_ == "nsubjpass" and c.lower_ in PRONOUNS), None)
        if pronoun is not None:
            return self._pronoun_agents(pronoun, verb)
        return self.as_agents(own) or self.agents(verb.i)

    def _governor_agents(self, token: Token) -> list[Agent]:
        head, dep = token.head, token.dep_
        if dep == "ROOT" or head.i == token.i:
            return list(self.starter)
        if dep in {"xcomp", "ccomp", "conj", "oprd", "acomp"}:
            if head.pos_ in {"NOUN", "PROPN"} and dep == "xcomp":
                return self.noun_agents(head)
            return self.surface_subjects(head)
        if dep == "advcl":
            done = self._done_by_imperative(head) if token.tag_ == "VB" else []
            if done:
                return done
            agents = self.as_agents(self.climbed.at.get(head.i, ())) or self.noun_agents(head)
            if head.pos_ in {"VERB", "AUX"}:
                agents = self.surface_subjects(head) if token.tag_ == "VB" else self.agents(head.i)
            content = [a for slot, a in self.slots.get(head.i, ()) if slot == "content"]
            return agents or self.as_agents(content)
        if dep == "relcl":
            reached = self.as_agents(self.climbed.at.get(head.i, ()))
            return reached or (self._subject_of_copula(head) if token.tag_ == "VB" else [])  # "is a way to improve"
        if dep == "acl":
            reached = self.as_agents(self.climbed.at.get(head.i, ()))
            if token.tag_ == "VBN":
                if any(o.predicate_class in {"have", "up", "down", "good", "bad"} for o in self.objects(token.i)):
                    return self.causes(head.head, self.slots.get(head.head.i, ()), set())
                named = self._subject_of_copula(head)
                return named if named and all(a.concept_id in CLASSES for a in reached) else reached
            if reached and not self.lexicon.noun_is(head.lemma_.lower(), "verbal"):
                return reached
            return self.noun_agents(head) or reached
        if dep == "pcomp":
            governor = head.head
            way = self._way_of(governor)
            if way is not None:
                return self.agents(way.i)
            is_influence = head.lower_ in {"on", "upon"} and ("N", governor.lemma_) in self.lexicon.predicates
            if head.lower_ not in MEANS_PREPOSITIONS and not is_influence:  # "a marked effect on reducing fat"
                return []
            if governor.pos_ in {"VERB", "AUX"}:
                return self.surface_subjects(governor)
            return self.noun_agents(governor)
        if dep in {"parataxis", "dep"} and head.pos_ in {"VERB", "AUX"}:
            return self.agents(head.i)
        return []

    def _way_of(self, copula: Token) -> Token | None:
        """As in "one way exercise promotes plasticity is by raising BDNF": the verb whose way is told."""
        for child in copula.children if copula.lemma_ == "be" else ():
            if child.dep_ == "csubj" and any(c.lemma_ in WAYS for c in child.children):
                return child
            if child.dep_ == "nsubj" and child.lemma_ in WAYS:
                return next((c for c in child.children if c.dep_ in {"relcl", "acl"} and c.pos_ == "VERB"), None)
        return None

    def _done_by_imperative(self, verb: Token) -> list[Agent]:
        """As in "add walks to improve memory": what one is told to do is what improves it."""
        if verb.tag_ not in {"VB", "VBP"} or verb.dep_ != "ROOT" or has_subject(verb):
            return []
        slots = self.slots.get(verb.i, ())
        return self.as_agents(a for slot, a in slots if slot in {"dobj", "content"} and a.term.role == "exposure")

    def noun_agents(self, noun: Token) -> list[Agent]:
        """Whose effect, role or benefit a predicate noun or adjective is."""
        slots = self.slots.get(noun.i, ())
        own = [a for slot, a in slots if slot in {"subject", "cause", "quality", "induced"}]
        by_slot = dict(reversed(self.frames(noun)))
        if "reverse" in by_slot.values():
            own = [a for s, a in slots if s.startswith("prep:") and by_slot.get(s.removeprefix("prep:")) == "reverse"]
        if own:
            return self.as_agents(own)
        opposed = self._apposed_to(noun)
        if opposed:
            return opposed
        possessor = next((c for c in noun.children if c.dep_ == "poss"), None)
        if possessor is not None and possessor.lower_ in {"its", "their", "this"}:
            return self._anaphor_agents(possessor)
        head, dep = noun.head, noun.dep_
        for _ in range(6):
            if dep in {"conj"} and head.pos_ not in {"VERB", "AUX"}:
                noun, head, dep = head, head.head, head.dep_
                own = [a for slot, a in self.slots.get(noun.i, ()) if slot in {"subject", "cause"}]
                if own:
                    return self.as_agents(own)
                continue
            if dep in {"amod", "appos", "acl", "relcl"}:
                reached = [a for a in self.climbed.at.get(head.i, ()) if a.term.head == head.i or not a.term.is_effect]
                if reached:
                    return self.as_agents(reached)
                noun, head, dep = head, head.head, head.dep_
                continue
            if dep in {"pobj", "pcomp"} and head.pos_ in {"ADP", "SCONJ"}:
                noun, head, dep = head, head.head, head.dep_
                continue
            if dep in {"prep", "agent"}:
                if head.pos_ in {"VERB", "AUX"}:
                    return self.agents(head.i)
                noun, head, dep = head, head.head, head.dep_
                continue
            break
        if dep in HELD_BY_VERB and head.i != noun.i and head.pos_ in {"VERB", "AUX"}:
            return self.agents(head.i)
        if dep == "ROOT":
            return list(self.starter)
        return []

    def _apposed_to(self, noun: Token) -> list[Agent]:
        """As in "inflammation, a known risk factor for decline": what stands before the comma is the factor."""
        edge = noun.left_edge
        while edge.i < noun.i and edge.lower_ in {",", "and"}:
            edge = edge.nbor(1)
        if edge.dep_ != "det" and edge.pos_ != "DET" and edge.lower_ not in {"one", "a", "an", "the"}:
            return []
        comma = edge.i - 1
        if comma <= self.sentence.start or self.sentence.doc[comma].lower_ not in {",", "–", "—", "-"}:
            return []
        return self.as_agents(a for a in self.climbed.at.get(self._phrase_head(comma - 1), ()) if a.term.head <= comma)

    def _phrase_head(self, i: int) -> int:
        """The head of the noun phrase that ends at token `i`."""
        token = self.sentence.doc[i]
        while token.head.i < i and token.dep_ in {"compound", "amod", "nmod"} and token.head.i != token.i:
            token = token.head
        return token.i


def _class_of_change(argument: Argument) -> str:
    """What a change noun does: "increase" has a sign, "change" tells none, "release" makes more."""
    if argument.sign:
        return "have"
    return "affect" if argument.via_change else "up"


def _stand_in(agent: Agent, pronoun: Token) -> Term:
    """A pronoun as a term of what it stands for."""
    start, end = pronoun.idx, pronoun.idx + len(pronoun)
    return Term(agent.concept_id, agent.role, 1, pronoun.i, pronoun.i, pronoun.i + 1, start, end)
