"""The records that pass between rooms. Offsets are Unicode code points of `Article.text`, half-open."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self


class Effect(StrEnum):
    """What a subject does to an object."""

    INCREASES = "increases"
    DECREASES = "decreases"
    AFFECTS = "affects"

    def inverted(self) -> "Effect":
        """The opposite direction; `affects` has none and stays."""
        opposite = {Effect.INCREASES: Effect.DECREASES, Effect.DECREASES: Effect.INCREASES}
        return opposite.get(self, self)


class BlockKind(StrEnum):
    """What a stretch of an article's text is."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    TABLE = "table"


class Stage(StrEnum):
    """Where in the run an article was rejected."""

    FETCHING = "fetching"
    READING = "reading"
    EXTRACTING = "extracting"
    STORING = "storing"


def stable_id(prefix: str, *parts: object) -> str:
    """`prefix` and 16 hex digits of a hash of `parts`: the same parts give the same id on any machine."""
    joined = "\x1f".join(str(part) for part in parts)
    return f"{prefix}_{hashlib.blake2b(joined.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Source:
    """A place that articles come from: one table of `sources/catalog.toml`.

    `kind` names the fetcher (`folder`, `file`, `pages`, …); `tier` is the kind of text, which later weighs evidence
    (`trial`, `review`, `abstract`, `registry`, `glossary`, `notes`, `blog`, `press`, `unknown`).

    `location` is a folder, a file or an address; for services that are asked with `query` or `ids`, the address of
    the service. `glob` chooses files of a folder or addresses of a sitemap, `addresses` are the web pages of a list.
    At most `at_most` articles are asked for in one run (0: no limit), with `delay_s` seconds between two requests.
    `allow_private` names hosts (`127.0.0.1:8000`, `wiki.local`) that may be asked although they are not public.
    `watch` starts a run when a file of the folder changes, where a scheduled deployment is served.
    """

    source_id: str
    title: str
    kind: str
    location: str = ""
    tier: str = "unknown"
    url: str = ""
    publisher: str = ""
    glob: str = "**/*"
    query: str = ""
    ids: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    at_most: int = 0
    delay_s: float = 0.0
    allow_private: tuple[str, ...] = ()
    watch: bool = False

    @property
    def asked(self) -> str:
        """Changes whenever the catalog says anything else of where to look."""
        return stable_id("src", self.kind, self.location, self.glob, self.query, self.ids, self.addresses)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a place in a source showed when it was last asked, so that it need not be fetched again unchanged.

    `path` is that of the article, or empty for the source as a whole (a feed, a sitemap, a query). `etag` and
    `last_modified` are the validators of HTTP as the server gave them. `cursor` says how far a listing has been
    followed, or which version of an article the listing named; its form is the fetcher's own.
    """

    source_id: str
    path: str
    visited_at: datetime
    etag: str = ""
    last_modified: str = ""
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of one article as found. `path` is relative to the source, with forward slashes, or an address.

    `visit` is what to remember for the next time, where the place lets itself be asked whether it changed.
    """

    source_id: str
    path: str
    data: bytes
    fetched_at: datetime
    url: str = ""
    media_type: str = ""
    visit: Visit | None = None

    @property
    def sha256(self) -> str:
        """Hash of the bytes, by which an unchanged article is known again."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Unchanged:
    """An article that is, as its source says, what it was at the last visit; its bytes were not sent again."""

    source_id: str
    path: str


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of an article's text that no sentence crosses: `text[char_start:char_end]`.

    `section` is the path of headings above (`Results > Cognition`), `timestamp_s` the video second that the
    note gives for it.
    """

    kind: BlockKind
    char_start: int
    char_end: int
    section: str = ""
    timestamp_s: float | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """Page furniture that reading left out, and why (`cookie notice`, `comments`, `references`, …)."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A work that an article names: how it is known elsewhere, and the words that name it.

    `identifier` is `doi:…`, `pmid:…`, `pmcid:…`, `url:…`, `title:…`, or `publisher:…` where only that is named.
    `manner` is `cites`, `reproduces` (the article says that its text was published there first) or `version of`
    (a preprint and its article).
    """

    identifier: str
    manner: str = "cites"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One version of one article as read: clean text, its blocks in order, and what was left out.

    `identifiers` are what it is known by elsewhere, `citations` the works it names, `notice` what it says of its own
    standing: `retracted`, `concern`, `corrected`, or nothing.
    """

    source_id: str
    path: str
    text: str
    blocks: tuple[Block, ...]
    sha256: str
    fetched_at: datetime
    url: str = ""
    title: str = ""
    author: str = ""
    published: str = ""
    format: str = ""
    dropped: tuple[Dropped, ...] = ()
    copy_ordinal: int = 0
    identifiers: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    notice: str = ""

    @property
    def document_id(self) -> str:
        """From the text alone, so that it is the same wherever the article lies; exact copies are counted up."""
        return stable_id("doc", self.text, self.copy_ordinal)

    def as_copy(self, ordinal: int) -> Self:
        """The same article marked as copy number `ordinal` of its text (0 is the first)."""
        return replace(self, copy_ordinal=ordinal)


@dataclass(frozen=True, slots=True)
class Reject:
    """An article that could not be used: which, where in the run, and why in words that say what to do.

    `is_passing` marks what may go well the next time without anybody doing anything: a server that was down.
    """

    source_id: str
    path: str
    stage: Stage
    reason: str
    sha256: str = ""
    is_passing: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document; `ordinal`, `block` and `paragraph` count from 0 through the document.

    A paragraph is one block, or several that only timestamps part.
    """

    document_id: str
    ordinal: int
    text: str
    char_start: int
    char_end: int
    section: str = ""
    block: int = 0
    timestamp_s: float | None = None
    paragraph: int = 0

    @property
    def sentence_id(self) -> str:
        return stable_id("sen", self.document_id, self.char_start, self.char_end)


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that names a concept (`concept_id` is None where nothing grounds it).

    `method` says how it was linked: `alias`, `abbreviation`, `lay`, `ellipsis`, `ner`, or `open` for an identifier
    outside the vocabulary (`hgnc:3675`). `score` is in 0..1. `candidates` are the
    meanings of an ambiguous wording with their scores ("depression 0.8; other 0.2").
    """

    document_id: str
    sentence_id: str
    concept_id: str | None
    text: str
    char_start: int
    char_end: int
    ner_label: str = ""
    method: str = "alias"
    score: float = 1.0
    candidates: str = ""

    @property
    def mention_id(self) -> str:
        return stable_id("men", self.document_id, self.char_start, self.char_end, self.concept_id)


@dataclass(frozen=True, slots=True)
class Context:
    """What a claim holds for, as far as its sentence and the ones near it say."""

    species: str = ""
    population: str = ""
    modality: str = ""
    dose: str = ""
    duration: str = ""
    study_design: str = ""
    timing: str = ""
    tissue: str = ""
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One asserted effect in one place. `char_start:char_end` is the evidence sentence in the document.

    `confidence` (0..1) is the share of such claims that annotators agreed with; `reasons` are the features that bore
    most on it, with their weights.
    """

    document_id: str
    sentence_id: str
    subject_id: str
    object_id: str
    effect: Effect
    negated: bool
    hedged: bool
    char_start: int
    char_end: int
    hedge_cue: str = ""
    negation_cue: str = ""
    effect_cue: str = ""
    rule: str = ""
    confidence: float = 1.0
    reasons: str = ""
    context: Context = field(default_factory=Context)

    @property
    def claim_id(self) -> str:
        return stable_id(
            "clm", self.document_id, self.char_start, self.subject_id, self.object_id, self.effect, self.negated
        )


@dataclass(frozen=True, slots=True)
class Triple:
    """Myokine, mechanism, outcome in one article; `scope` is `sentence` or `passage`."""

    document_id: str
    myokine_id: str
    mechanism_id: str
    outcome_id: str
    mechanism_effect: Effect
    outcome_effect: Effect
    negated: bool
    hedged: bool
    scope: str
    claim_ids: tuple[str, ...]

    @property
    def triple_id(self) -> str:
        return stable_id(
            "tri",
            self.document_id,
            self.myokine_id,
            self.mechanism_id,
            self.outcome_id,
            self.mechanism_effect,
            self.outcome_effect,
            self.negated,
        )


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything that one article gave."""

    article: Article
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    claims: tuple[Claim, ...]
    triples: tuple[Triple, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """An entry of the vocabulary. `curie` is empty where no identifier fits; `match` says how well it does."""

    concept_id: str
    role: str
    concept_class: str
    label: str
    curie: str = ""
    curie_name: str = ""
    match: str = ""
    scope: str = ""
    broader_id: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """A wording of a concept.

    `case` is `any` or `exact`; `polarity` is -1 where the wording names the opposite ("insulin resistance"
    for insulin_sensitivity), else 1; `origin` says where the wording comes from (`label`, `hgnc`, `mesh`,
    `go`, `chebi`, `mondo`, `hp`, `efo`, `lay`).
    """

    concept_id: str
    text: str
    case: str = "any"
    polarity: int = 1
    origin: str = "lay"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reviewer judged: a sentence in an article and what was extracted from it."""

    sentence: str
    subject_id: str
    effect: str
    object_id: str
    negated: bool
    source_id: str
    path: str

    @property
    def key(self) -> str:
        """The same for any extraction that finds this again; spacing and case of the sentence make no difference."""
        sentence = " ".join(self.sentence.split()).casefold()
        says = (self.subject_id, self.effect, self.object_id, "true" if self.negated else "false")
        return stable_id("evi", sentence, *says, self.source_id, self.path)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer decided, and when (UTC).

    `action` is `accept`, `reject` or `fix` for `evidence`; `retracted`, `concern` or `cleared` for the article at its
    source_id and path; `merge` for `concept_id`, which becomes `into_id`. Of a fix, what is empty stays as extracted.
    """

    action: str
    decided_at: datetime
    evidence: Evidence = Evidence("", "", "", "", False, "", "")
    rule: str = ""
    new_subject_id: str = ""
    new_effect: str = ""
    new_object_id: str = ""
    new_negated: str = ""
    new_hedged: str = ""
    concept_id: str = ""
    into_id: str = ""
    note: str = ""
    reviewer: str = ""

    @property
    def evidence_key(self) -> str:
        """The key of its evidence, empty where it is not on a claim."""
        return self.evidence.key if self.evidence.subject_id else ""

    @property
    def content(self) -> tuple[str, ...]:
        """What is decided, apart from where, when, why and by whom."""
        new = (self.new_subject_id, self.new_effect, self.new_object_id, self.new_negated, self.new_hedged)
        return (self.action, *new, self.into_id)

    @property
    def decision_id(self) -> str:
        """From what was decided, on what, and when."""
        place = (self.evidence.source_id, self.evidence.path)
        return stable_id("dec", *self.content, self.evidence_key, *place, self.concept_id, self.decided_at.isoformat())
