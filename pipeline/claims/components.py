"""The linker and the claim rules as spaCy components, for people who have a pipeline of their own.

`nlp.add_pipe("concept_linker")` sets `doc._.concepts` (linker matches) and the span group "concepts";
`nlp.add_pipe("claim_extractor")` needs a tagger, a parser with ClearNLP labels and a lemmatizer before it
and sets `doc._.claims` and `doc._.triples`.
"""

from datetime import UTC, datetime

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.claims.extractor import Extractor
from pipeline.claims.lexicon import load_lexicon
from pipeline.concepts.linker import Linker
from pipeline.concepts.vocabulary import load_vocabulary
from pipeline.records import Article, Block, BlockKind


@Language.factory("concept_linker", assigns=["doc._.concepts"])
class ConceptLinker:
    """Links mentions of the vocabulary's concepts in a Doc."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.linker = Linker(load_vocabulary())
        Doc.set_extension("concepts", default=(), force=True)

    def __call__(self, doc: Doc) -> Doc:
        doc._.concepts = tuple(self.linker.find(doc.text, {}))
        spans = [doc.char_span(m.start, m.end, label=m.concept_id, alignment_mode="expand") for m in doc._.concepts]
        doc.spans["concepts"] = [span for span in spans if span is not None]
        return doc


@Language.factory("claim_extractor", requires=["token.dep", "token.lemma"], assigns=["doc._.claims", "doc._.triples"])
class ClaimExtractor:
    """Claims and triples of a parsed Doc; offsets are those of `doc.text`."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.extractor = Extractor(nlp, load_vocabulary(), load_lexicon(), key="component")
        Doc.set_extension("claims", default=(), force=True)
        Doc.set_extension("triples", default=(), force=True)

    def __call__(self, doc: Doc) -> Doc:
        text = doc.text
        block = Block(BlockKind.PARAGRAPH, 0, len(text))
        article = Article("doc", "doc", text, (block,), sha256="", fetched_at=datetime.fromtimestamp(0, UTC))
        extraction = self.extractor.extract_parsed(article, list(doc.sents))
        doc._.claims, doc._.triples = extraction.claims, extraction.triples
        return doc
