"""Pairs of concepts that a sentence may tie together, with what can be said of each: the judge's input.

A candidate is a pair that a rule related, a pair that stands in one sentence, or a concept of the sentence with one
that the text before speaks of. Features are named so that a decision can be read: `path`, `between`, `way`, `rule`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from pipeline.claims.climbing import Argument
from pipeline.claims.direction import ObjectArgument, direction
from pipeline.claims.discourse import Discourse
from pipeline.claims.events import AS_OBJECT, AS_SUBJECT, CLASSES, SentenceEvents
from pipeline.claims.features import IN_RELATIVE_CLAUSE, LED_THROUGH
from pipeline.claims.lexicon import Lexicon
from pipeline.claims.relations import OBJECT_OF_CLAIM, Relation
from pipeline.claims.scope import scope_of
from pipeline.claims.terms import Term
from pipeline.claims.tree import SUBJECTS, first_conjunct

SUBJECT_OF_CLAIM = {"exposure", "exerkine", "mechanism", "outcome"}
MODIFIERS = {"amod", "compound", "nmod", "det"}
CUES_AT_ANCESTOR = {"neg", "aux", "mark", "auxpass", "advmod"}
WORDS_OF_SENTENCE = {
    "aim": {
        "aim", "aims", "purpose", "objective", "hypothesis", "hypothesize", "hypothesized", "investigate", "examine",
        "determine", "evaluate", "assess", "whether", "investigated", "test",
    },
    "advice": {"should", "try", "consider", "recommend", "recommended", "must"},
    "future": {"will", "would"},
    "hedge": {"may", "might", "could", "possibly", "potential", "potentially", "suggest", "suggests"},
    "negation": {"not", "no", "nor", "without", "neither"},
    "trial": {
        "significant", "significantly", "group", "groups", "compared", "control", "placebo", "baseline", "participants",
        "patients", "intervention", "p",
    },
}  # fmt: skip
STANDS_FOR_SUBJECT = {"it", "this", "these", "they", "its", "their", "which", "such", "both"}
LONGEST_PATH = 5
LONGEST_PHRASE = 3
BINS_OF_LENGTH = (1, 2, 3, 4, 5, 6, 8, 10)
BINS_OF_DISTANCE = (0, 1, 2, 4, 7, 12, 20)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair, the relations that rules found for it, and its features.

    `anchor` is the token that governs both, at which cues of scope were looked for: `negations` and `hedge`.
    """

    subject_id: str
    object_id: str
    relations: tuple[Relation, ...]
    features: tuple[str, ...]
    anchor: int
    negations: tuple[str, ...] = ()
    hedge: str = ""
    is_context: bool = False


class SentenceCandidates:
    """The candidates of one sentence, from its events and the relations that rules found."""

    def __init__(
        self,
        events: SentenceEvents,
        terms: Sequence[Term],
        relations: Sequence[Relation],
        earlier: Sequence[Discourse],
        heading: Sequence[str],
        roles: dict[str, str],
        offset: int,
        block: str,
    ) -> None:
        self.events = events
        self.lexicon: Lexicon = events.lexicon
        self.terms = [term for term in terms if not term.is_landmark]
        self.relations = relations
        self.earlier = earlier
        self.heading = heading
        self.roles = roles
        self.offset = offset
        self.doc = events.sentence.doc
        self.of_sentence = self._of_sentence(block)
        self.arguments = self._arguments()
        self.first_of = self._coordinations()
        self.by_pair: defaultdict[tuple[str, str], tuple[Relation, ...]] = defaultdict(tuple)
        for relation in relations:
            self.by_pair[relation.subject_id, relation.object_id] += (relation,)

    def all(self) -> list[Candidate]:
        """One candidate a pair of concepts, the nearest in the tree."""
        objects = [t for t in self.terms if t.char_start >= self.offset and self._can_be_object(t)]
        subjects = [t for t in self.terms if t.role in SUBJECT_OF_CLAIM and not t.is_effect]
        nearest: dict[tuple[str, str], tuple[float, Term, Term]] = {}
        for target in objects:
            for subject in subjects:
                pair = _as_subject(subject.concept_id), _as_object(target.concept_id)
                if pair[0] in {pair[1], target.concept_id} or subject.start == target.start:
                    continue
                far = self._distance(subject, target)
                if pair not in nearest or far < nearest[pair][0]:
                    nearest[pair] = far, subject, target
        found = {pair: self._in_sentence(pair, s, o) for pair, (_, s, o) in nearest.items()}
        for candidate in self._in_context(objects, {_as_subject(s.concept_id) for s in subjects}):
            found.setdefault((candidate.subject_id, candidate.object_id), candidate)
        for pair, relations in self.by_pair.items():
            if found.get(pair) is None:
                features = (*self._rule_features(*pair), *self.of_sentence, "only rule")
                found[pair] = Candidate(*pair, relations, features, relations[0].predicate)
        return [candidate for candidate in found.values() if candidate is not None]

    # ---- what pairs there are ----------------------------------------------------------------------

    @staticmethod
    def _can_be_object(term: Term) -> bool:
        return term.role in OBJECT_OF_CLAIM or term.concept_id in AS_OBJECT

    def _distance(self, subject: Term, target: Term) -> float:
        up, _, down = _path(self.doc[subject.head], self.doc[target.head])
        return len(up) + len(down) + abs(subject.head - target.head) / 100

    def _in_sentence(self, pair: tuple[str, str], subject: Term, target: Term) -> Candidate | None:
        relations = self.by_pair.get(pair, ())
        _, above, _ = _path(self.doc[subject.head], self.doc[target.head])
        anchor = above if above is not None else self.doc[target.head]
        scope = scope_of(anchor, self.lexicon)
        if not relations and scope.is_open:
            return None
        features = (
            *self._end_features("subject", subject),
            *self._end_features("object", target),
            *self._path_features(subject, target),
            *self._between_features(subject, target),
            *self._way_features(subject, target),
            *self._predicate_features(target),
            *self._rule_features(*pair),
            *self.of_sentence,
            f"roles {subject.role} {target.role}",
            "in sentence",
        )
        return Candidate(*pair, relations, tuple(dict.fromkeys(features)), anchor.i, scope.negations, scope.hedge)

    def _in_context(self, objects: Sequence[Term], named: set[str]) -> Iterator[Candidate]:
        places: defaultdict[str, list[str]] = defaultdict(list)
        for distance, discourse in enumerate(self.earlier[:2]):
            for place, agents in (
                ("subject", discourse.subjects), ("changed", discourse.changed), ("mentioned", discourse.mentioned)
            ):  # fmt: skip
                for agent in agents:
                    places[_as_subject(agent.concept_id)].append(f"{place} {distance}")
        for concept_id in self.heading:
            places[_as_subject(concept_id)].append("heading")
        about = self._features_without_subject()
        for subject_id, where in places.items():
            if subject_id in named or self.roles.get(subject_id) not in {"exposure", "exerkine", "mechanism"}:
                continue
            for target in objects:
                pair = subject_id, _as_object(target.concept_id)
                anchor = self.doc[target.head].head
                scope = scope_of(anchor, self.lexicon)
                relations = self.by_pair.get(pair, ())
                if pair[0] == pair[1] or (not relations and scope.is_open):
                    continue
                shared = [*self._predicate_features(target), *self._end_features("object", target)]
                features = [*self._rule_features(*pair), *self.of_sentence]
                if relations:  # a rule resolved a pronoun: what it says counts as in a sentence that names the subject
                    features += [*shared, "pronoun resolved"]
                else:
                    features += [f"context {feature}" for feature in (*shared, *about)]
                    features += [f"from {place}" for place in where]
                    features += [f"from {place} & {feature}" for place in where for feature in about]
                    features.append(f"context roles {self.roles[subject_id]} {target.role}")
                yield Candidate(
                    *pair, relations, tuple(dict.fromkeys(features)), anchor.i, scope.negations, scope.hedge, True
                )

    # ---- what can be said of them ------------------------------------------------------------------

    def _arguments(self) -> dict[int, Argument]:
        """The argument with the most explicit sign by token at which a term begins."""
        found: dict[int, Argument] = {}
        for reached in self.events.climbed.at.values():
            for argument in reached:
                if argument.sign or argument.term.start not in found:
                    found[argument.term.start] = argument
        return found

    def _coordinations(self) -> dict[str, set[int]]:
        first_of: defaultdict[str, set[int]] = defaultdict(set)
        for term in self.terms:
            first = first_conjunct(self.doc[term.head]).i
            first_of[_as_object(term.concept_id)].add(first)
            first_of[_as_subject(term.concept_id)].add(first)
        return first_of

    def _of_sentence(self, block: str) -> tuple[str, ...]:
        words = {token.lower_ for token in self.events.sentence}
        said = [f"speaks of {kind}" for kind, cues in WORDS_OF_SENTENCE.items() if not words.isdisjoint(cues)]
        return (*said, f"block {block}", f"length {min(5, len(self.events.sentence) // 10)}")

    def _end_features(self, end: str, term: Term) -> Iterator[str]:
        token = self.doc[term.head]
        yield f"{end} is {term.concept_id}"
        yield f"{end} role {term.role}"
        yield f"{end} dep {token.dep_}"
        yield f"{end} part of speech {token.pos_}"
        yield f"{end} below {token.head.lemma_.lower()}"
        if term.polarity < 0:
            yield f"{end} names the opposite"
        if term.is_effect:
            yield f"{end} says effect"
        if term.glued:
            yield f"{end} glued {term.glued}"
        if term.start <= self.events.sentence.start + 1:
            yield f"{end} first"
        if term.concept_id in CLASSES:
            yield f"{end} class"
        if term.concept_id in self.lexicon.bad:
            yield f"{end} bad"
        for child in token.children:
            if child.dep_ in MODIFIERS and not term.start <= child.i < term.end:
                yield f"{end} modifier {child.lower_}"
                yield from (f"{end} modifier class {kind}" for kind in self._classes(child))

    def _path_features(self, subject: Term, target: Term) -> Iterator[str]:
        up, above, down = _path(self.doc[subject.head], self.doc[target.head])
        ups, downs = [t.dep_ for t in up], [t.dep_ for t in down]
        slots = f"{ups[-1] if ups else 'itself'} {downs[0] if downs else 'itself'}"
        yield f"path length {_binned(len(up) + len(down), BINS_OF_LENGTH)}"
        yield f"path up {'>'.join(ups[:LONGEST_PATH])}"
        yield f"path down {'<'.join(downs[:LONGEST_PATH])}"
        yield f"path {'>'.join(ups[:4])}|{'<'.join(downs[:4])}"
        spoken_of = [token.head.i for token in down[:-1] if token.dep_ == "relcl"] if ups else []
        if any(a.term is not subject for i in spoken_of for a in self.events.climbed.at.get(i, ())):
            yield IN_RELATIVE_CLAUSE
        if above is None:
            return
        lemma = above.lemma_.lower()
        yield f"meet at {lemma}"
        yield f"meet at {above.pos_}"
        yield f"meet slots {slots}"
        yield f"meet at {lemma} {slots}"
        for kind in self._classes(above) or {f"no effect {above.pos_}"}:
            yield f"meet class {kind}"
            yield f"meet class {kind} {slots}"
            yield f"meet class {kind} {slots.split()[1]}"
        yield from (f"meet cue {c.lower_}" for c in above.children if c.dep_ in CUES_AT_ANCESTOR)
        for name, inner in (("up", up[1:]), ("down", down[:-1])):
            for token in inner:
                yield f"path {name} over {token.lemma_.lower()}"
                yield from (f"path {name} over class {kind}" for kind in self._classes(token))
        if first_conjunct(self.doc[subject.head]).i == first_conjunct(self.doc[target.head]).i:
            yield "coordinated"

    def _between_features(self, subject: Term, target: Term) -> Iterator[str]:
        first, second = sorted((subject, target), key=lambda term: term.start)
        order = "forward" if first is subject else "backward"
        between = self.doc[first.end : second.start]
        yield order
        yield f"{order} distance {_binned(len(between), BINS_OF_DISTANCE)}"
        yield f"concepts between {min(4, sum(first.end <= t.start < second.start for t in self.terms))}"
        for token in between:
            if token.is_punct:
                yield f"{order} between {token.text}"
            elif token.is_alpha:
                yield f"{order} between {token.lemma_.lower()}"
                yield from (f"{order} between class {kind}" for kind in self._classes(token))
        if len(between) <= LONGEST_PHRASE:
            yield f"{order} phrase {' '.join(token.lower_ for token in between)}"

    def _way_features(self, subject: Term, target: Term) -> Iterator[str]:
        """The direction that each effect word on the way would give, with the signs of both ends."""
        argument = self.arguments.get(target.start, Argument(target, sign=target.sign))
        acting = self.arguments.get(subject.start, Argument(subject, sign=subject.sign))
        sign = (acting.sign or 1) * subject.polarity
        yield f"subject sign {sign}"
        yield f"object sign {argument.sign * target.polarity}"
        if argument.sign:
            yield f"way of object {argument.sign * target.polarity * sign}"
        up, above, down = _path(self.doc[subject.head], self.doc[target.head])
        first, second = sorted((subject, target), key=lambda term: term.start)
        places = (
            ("path", [*up[1:], *([above] if above is not None else []), *down[:-1]]),
            ("between", list(self.doc[first.end : second.start])),
        )
        for place, tokens in places:
            for token in tokens:
                for kind in self._predicate_classes(token):
                    way = direction(ObjectArgument(argument, kind), self.lexicon) * sign
                    yield f"way by {place} {way}"
                    if token is tokens[-1] or place == "path":
                        yield f"way by {place} {kind} {way}"

    def _predicate_features(self, target: Term) -> Iterator[str]:
        for placement in self.events.climbed.placements:
            if placement.argument.term is not target:
                continue
            token = self.doc[placement.predicate]
            yield f"object slot {placement.slot}"
            yield f"object slot {token.lemma_.lower()} {placement.slot}"
            for reached in self.events.objects(placement.predicate):
                if reached.argument.term is target:
                    yield f"object class {reached.predicate_class}"
                    yield f"object way {direction(reached, self.lexicon)}"
            subjects = [child for child in token.children if child.dep_ in SUBJECTS]
            yield f"object verb {token.tag_}"
            kind = "none" if not subjects else subjects[0].lower_ if subjects[0].pos_ == "PRON" else subjects[0].pos_
            yield f"object verb's subject {kind}"

    def _rule_features(self, subject_id: str, object_id: str) -> Iterator[str]:
        """What rules found in the sentence, as seen from this pair."""
        through: set[str] = set()
        for relation in self.relations:
            ends = relation.subject_id, relation.object_id
            if ends == (subject_id, object_id):
                yield f"rule {relation.rule}"
                yield f"rule cue {relation.effect_cue.lower()}"
                yield f"rule says {relation.effect}"
                yield f"rule {relation.rule.split('+')[0]} {self.doc[relation.predicate].pos_}"
            elif ends == (object_id, subject_id):
                yield "rule says the reverse"
            elif ends[0] == subject_id:
                yield "rule relates subject"
                through.add(ends[1])
                if self.first_of[ends[1]] & self.first_of[object_id]:
                    yield "rule relates object's conjunct"
                    yield f"rule relates object's conjunct {relation.effect}"
            elif ends[1] == object_id:
                yield "rule relates object"
                if self.first_of[ends[0]] & self.first_of[subject_id]:
                    yield "rule relates subject's conjunct"
                    yield f"rule relates subject's conjunct {relation.effect}"
            elif ends[1] == subject_id:
                yield "rule leads to subject"
            elif ends[0] == object_id:
                yield "rule leads from object"
        if any(r.subject_id in through and r.object_id == object_id for r in self.relations):
            yield LED_THROUGH
        if (subject_id, object_id) not in self.by_pair:
            yield "no rule" if self.relations else "no rule in sentence"

    def _features_without_subject(self) -> list[str]:
        sentence = self.events.sentence
        named = any(
            token.dep_ in SUBJECTS and any(a.term.head == token.i for a in self.events.climbed.at.get(token.i, ()))
            for token in sentence
        )
        found = [f"first word {sentence[0].lower_}", f"subject named {named}"]
        found += [f"pronoun {word}" for word in sorted({t.lower_ for t in sentence} & STANDS_FOR_SUBJECT)]
        found += ["past"] if any(token.tag_ == "VBD" for token in sentence) else []
        return found

    def _predicate_classes(self, token: Token) -> set[str]:
        """The classes of a token's frames as the part of speech that it has."""
        return {kind for _, kind in self.events.frames(token) if kind not in {"have", "reverse", "cross"}}

    def _classes(self, token: Token) -> set[str]:
        """The effect classes of a token's frames, and what it says of more or less as a modifier or noun."""
        found = self._predicate_classes(token)
        modifier = self.lexicon.modifiers.get(token.lower_)
        if modifier:
            found.add(f"modifier {modifier}")
        nouns = self.lexicon.nouns.get(token.lemma_.lower(), frozenset())
        found.update(f"noun {kind}" for kind in nouns & {"up", "down", "good", "bad"})
        return found


def _path(start: Token, end: Token) -> tuple[list[Token], Token | None, list[Token]]:
    """Tokens from `start` up to below the token above both, that token, and from below it down to `end`."""
    ups, downs = [start, *start.ancestors], [end, *end.ancestors]
    places = {token.i: k for k, token in enumerate(downs)}
    for k, token in enumerate(ups):
        if token.i in places:
            return ups[:k], token, downs[: places[token.i]][::-1]
    return ups, None, [end]


def _as_subject(concept_id: str) -> str:
    return AS_SUBJECT.get(concept_id, concept_id)


def _as_object(concept_id: str) -> str:
    return AS_OBJECT.get(concept_id, concept_id)


def _binned(count: int, bins: Iterable[int]) -> str:
    return next((str(limit) for limit in bins if count <= limit), "more")
