"""Where a claim's object was measured, and what of it: read from the phrase that names the object."""

from collections.abc import Iterator

from spacy.tokens import Token

from pipeline.claims.context_patterns import patterns
from pipeline.claims.wording import Wording

BRAIN, PARTS_OF_BRAIN = "brain", {"hippocampus", "cortex"}
ELSEWHERE = "elsewhere"  # a place that is no value, but makes another one doubtful
RELEASE, LEVEL = "release", "level"
OF_ENDPOINT = {"score": ("on", "for", "in"), "gene expression": ("for",)}  # besides "of"

LONGEST_PHRASE, FARTHEST_PLACE = 24, 14  # tokens
INSIDE = {"in", "within", "inside", "into", "throughout", "across"}
OTHER_PLACE = {"of", "after", "during", "following", "at", "among", "for", "from"}
EXAMPLES = {"as", "including", "like", "especially", "particularly"}
JOINING = {",", "and", "or", "/", "&"}
HYPHENS = "-‐‑–"
MODIFIES = {"DET", "ADJ", "NUM", "PRON"}
NAMES = {"NOUN", "PROPN"}
CLAUSE_TAGS = {"WDT", "WP", "WP$", "WRB"}


class OfObject:
    """What the phrase that names the object of a claim says of it, and the place that stands with it."""

    def __init__(self, wording: Wording) -> None:
        assert wording.object is not None
        self.wording = wording
        self.doc = wording.doc
        self.object = wording.object
        self.named = wording.named
        self.tissues = wording.values("tissue")
        self.samples = wording.values("tissue_sample")
        self.endpoints = {i: value for i, value in wording.values("endpoint").items() if i not in self.named}
        self.before = list(self._before())
        self.after = list(self._after())

    def endpoint(self) -> str:
        """What was measured of the object: as its phrase, its name, or the verb that it is the object of says."""
        near = {self.endpoints[i] for i in self.before if self._heads(i)}
        near |= {self.endpoints[i] for i in self.after if i in self.endpoints and self.doc[i].pos_ != "VERB"}
        for value, _ in patterns()["endpoint"]:
            if value in near:
                return value
        return self._endpoint_of_name() or self._endpoint_of_verb()

    def _heads(self, i: int) -> bool:
        """Whether "of" (or "on" after a score) follows the endpoint at token `i`, so that it is the object's."""
        if i not in self.endpoints:
            return False
        value = self.endpoints[i]
        end = next((j for j in range(i, len(self.doc)) if self.endpoints.get(j) != value), len(self.doc) - 1)
        return self.doc[end].lower_ in {"of", *OF_ENDPOINT.get(value, ())}

    def _endpoint_of_name(self) -> str:
        """As in "neurotransmitter release"; a name that is such a word alone ("concentration") says nothing."""
        name = self.doc[self.object.start : self.object.end]
        for value, pattern in patterns()["endpoint"]:
            last = [match.end() for match in pattern.finditer(name.text)][-1:]
            if last == [len(name.text)] and len(name) > 1 and value != LEVEL:
                return value
        return ""

    def _endpoint_of_verb(self) -> str:
        """As in "exercise releases irisin"."""
        verb = self.doc[self.wording.predicate]
        head = self.doc[self.object.start : self.object.end].root
        governing = next((token for token in head.ancestors if token.pos_ == "VERB"), None)
        if verb.pos_ != "VERB" or governing != verb or self.object.role == "outcome" or head.dep_ == "nsubj":
            return ""
        if head.dep_ not in {"dobj", "nsubjpass", "conj"}:
            return ""
        return next((v for v, pattern in patterns()["endpoint_verb"] if pattern.fullmatch(verb.text)), "")

    def tissue(self) -> str:
        """Where the object was measured or acts: what its phrase says, or the place that follows it or opens."""
        is_released = self.endpoint() == RELEASE
        within = {self.tissues[i] for i in (*self.before, *self.after) if self._is_modifier(i)}
        if is_released:  # "muscle IL-6 release": what releases it
            within &= {BRAIN, *PARTS_OF_BRAIN}
        return _one_place(within or self._of_name()) or ("" if within else self._beside())

    # ---- the phrase that names the object ----------------------------------------------------------

    def _before(self) -> Iterator[int]:
        """Tokens of the object's phrase before its mention, from the last: "hippocampal levels of BDNF and"."""
        i, is_example = self.object.start - 1, False
        while i >= max(0, self.object.start - LONGEST_PHRASE):
            token, left = self.doc[i], i - 1
            if token.lower_ in EXAMPLES:
                is_example = True
            elif i in self.named:
                if not self._is_like(i):
                    return
                left, is_example = self.named[i].start - 1, False
            elif token.lower_ in JOINING:
                joins_tissues = i - 1 in self.tissues and i + 1 in self.tissues
                if not is_example and not self._is_list(i - 1) and not joins_tissues:
                    return
            elif token.text == ")":
                left = next((j - 1 for j in range(i, max(-1, i - 6), -1) if self.doc[j].text == "("), -1)
                if not self._is_list(left):
                    return
            elif token.text == "(":
                if not self._is_like(i - 1):
                    return
            elif token.lower_ in {"on", "for", "in"}:
                if token.lower_ not in OF_ENDPOINT.get(self.endpoints.get(i - 1, ""), ()):
                    return
            elif is_example and token.pos_ in NAMES:
                is_example = False
            elif not (
                token.lower_ in {"of", "such"}
                or i in self.endpoints
                or i in self.tissues
                or token.pos_ in MODIFIES
                or (token.dep_ in {"compound", "nmod", "amod"} and token.head.i > i)
            ):
                return
            yield i
            i = left

    def _after(self) -> Iterator[int]:
        """Tokens of the object's phrase after its mention: "(BDNF) and IGF-1 serum levels"."""
        i = self.object.end
        while i < min(len(self.doc), self.object.end + LONGEST_PHRASE):
            token, right = self.doc[i], i + 1
            if token.text == "(":
                closing = next((j for j in range(i, min(i + 6, len(self.doc))) if self.doc[j].text == ")"), None)
                if closing is None:
                    return
                right = closing + 1
            elif i in self.named:
                if not self._is_like(i):
                    return
                right = self.named[i].end
            elif token.lower_ in JOINING:
                if not self._joins_like(i):
                    return
            elif token.text == ")":
                if self.doc[self.object.start - 1].text != "(":
                    return
            elif not (i in self.endpoints or i in self.tissues or token.lower_ in {"gene", "protein", "test"}):
                return
            yield right - 1
            i = right

    def _is_like(self, i: int) -> bool:
        """Whether token `i` names what may share the object's phrase: another factor beside a factor."""
        named = self.named.get(i)
        return named is not None and named.role == self.object.role != "mechanism"

    def _is_list(self, i: int) -> bool:
        """Whether a list of what is like the object ends at token `i`: "BDNF", "BDNF,", "factor (BDNF)"."""
        while i > 0 and (self.doc[i].lower_ in JOINING or self.doc[i].text == ")"):
            is_bracket = self.doc[i].text == ")"
            i = (
                next((j for j in range(i, max(0, i - 6), -1) if self.doc[j].text == "("), 0) - 1
                if is_bracket
                else i - 1
            )
        return self._is_like(i)

    def _joins_like(self, i: int) -> bool:
        """Whether what the comma or "and" at token `i` goes on with is like the object."""
        following = (j for j in range(i + 1, min(i + 5, len(self.doc))) if not self._is_joint(self.doc[j]))
        return self._is_like(next(following, -1))

    @staticmethod
    def _is_joint(token: Token) -> bool:
        return token.lower_ in JOINING or token.pos_ in {"DET", "PRON"}

    def _is_modifier(self, i: int) -> bool:
        """Whether the tissue at token `i` of the phrase belongs to the object: "plasma BDNF", not "muscle hormones"."""
        if i not in self.tissues or (i in self.named and self.named[i] != self.object):
            return False
        end = self._end_of_tissue(i)
        if end >= len(self.doc):
            return False
        following = self.doc[end]
        return (
            end in self.endpoints
            or end in self.named
            or end in self.samples
            or following.pos_ in {"ADJ", "NUM"}
            or (following.lower_ in JOINING and end + 1 in self.tissues)
        )

    def _end_of_tissue(self, i: int) -> int:
        return next((j for j in range(i, len(self.doc)) if self.tissues.get(j) != self.tissues[i]), len(self.doc))

    def _of_name(self) -> set[str]:
        inside = self.wording.values("tissue_in_name")
        return {inside[i] for i in range(self.object.start, self.object.end) if i in inside}

    # ---- the place beside it -----------------------------------------------------------------------

    def _beside(self) -> str:
        return self._following() or self._opening()

    def _following(self) -> str:
        """The place in "BDNF was raised by exercise in the hippocampus"."""
        start = max(self.after, default=self.object.end - 1) + 1
        i = start
        while i < min(len(self.doc), start + FARTHEST_PLACE):
            token = self.doc[i]
            if token.lower_ in INSIDE and (place := self._place(i + 1)[0]):
                return _one_place(place)
            if i in self.named and self.named[i].role != "exposure" and not self._is_like(i):
                return ""
            if i not in self.named and self._ends_clause(token):
                return ""
            i += 1
        return ""

    def _opening(self) -> str:
        """The place in "In the hippocampus, exercise raised BDNF"."""
        if self.doc[0].lower_ not in INSIDE:
            return ""
        place, end = self._place(1)
        between = self.doc[end + 1 : self.object.start]
        if not place or end >= len(self.doc) or self.doc[end].text != ",":
            return ""
        return "" if any(self._is_other_clause(token) for token in between) else _one_place(place)

    def _ends_clause(self, token: Token) -> bool:
        if token.lower_ in JOINING:
            return not self._joins_like(token.i)
        if token.pos_ == "ADP" and token.lower_ not in INSIDE | OTHER_PLACE:
            following = self.named.get(token.i + 1) or self.named.get(token.i + 2)
            return token.lower_ not in {"by", "with"} or following is None or following.role != "exposure"
        return token.is_punct or token.lower_ in {"not", "nor", "but", "than"} or self._is_other_clause(token)

    def _is_other_clause(self, token: Token) -> bool:
        if token.tag_ in CLAUSE_TAGS or token.dep_ == "mark" or token.text in {";", ":"}:
            return True
        if token.pos_ != "VERB" or token.dep_ == "amod" or token.i in self.named:
            return False
        predicate = self.doc[self.wording.predicate]
        own = {predicate.i, *(t.i for t in predicate.ancestors if predicate.dep_ == "xcomp")}
        head = self.doc[self.object.start : self.object.end].root
        while head.dep_ in {"compound", "nmod", "pobj", "prep"} and head.head.i != head.i:
            head = head.head
        if head.dep_ in {"nsubj", "nsubjpass"}:
            own.add(head.head.i)
        return token.i not in own

    def _place(self, i: int) -> tuple[set[str], int]:
        """The tissues that the noun phrase at token `i` names, and its end: "the CA1 region of the hippocampus"."""
        found: set[str] = set()
        end = i
        while i < len(self.doc):
            token = self.doc[i]
            if i in self.tissues and i not in self.named:
                value, i = self.tissues[i], self._end_of_tissue(i)
                while i < len(self.doc) and i in self.samples:
                    i += 1
                if self._goes_on(i):  # "in heart rate"
                    return set(), i
                found.add(value)
                end = i
            elif (
                (found and token.lower_ in JOINING | EXAMPLES | INSIDE | {"such"})
                or (found and token.pos_ == "ADV")
                or token.pos_ in MODIFIES
                or token.lower_ in {"of", "mouse", "rat", "human", "both"}
                or i in self.samples
            ):
                i += 1
            else:
                break
        return found, end

    def _goes_on(self, i: int) -> bool:
        """Whether a noun follows the tissue before token `i`, so that the tissue only modifies it."""
        if i >= len(self.doc):
            return False
        last, following = self.doc[i - 1], self.doc[i]
        is_modifier = last.dep_ in {"compound", "nmod", "amod"} and last.head.i >= i and i - 1 not in self.samples
        return following.text in HYPHENS or (is_modifier and following.pos_ in NAMES | {"ADJ"})


def _one_place(values: set[str]) -> str:
    """The one tissue named; of the brain and one part of it the part, of the brain and several parts the brain."""
    parts = values & PARTS_OF_BRAIN
    if BRAIN in values and values <= {BRAIN, *PARTS_OF_BRAIN} and parts:
        return next(iter(parts)) if len(parts) == 1 else BRAIN
    return next(iter(values)) if len(values) == 1 and ELSEWHERE not in values else ""
