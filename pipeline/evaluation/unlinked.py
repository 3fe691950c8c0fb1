"""`python -m pipeline.evaluation.unlinked PATH`: noun phrases near concepts that link to nothing, the frequent first.

What stands as subject or object of a word of effect, in a sentence that names a concept, and is in no list: the
wordings that the vocabulary may lack. PATH is a folder of articles, one file, or a catalog.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from spacy.tokens import Span

from pipeline.claims.extractor import Extractor
from pipeline.claims.lexicon import Lexicon
from pipeline.concepts.linker import Match
from pipeline.fetching import CatalogError, fetch, load_sources
from pipeline.reading import read
from pipeline.reading.drafts import UnreadableError
from pipeline.records import Article, Fetched, Reject
from pipeline.settings import load_settings

LEAST_ARTICLES = 2
SHOWN = 200
ENDS = {"nsubj", "nsubjpass", "dobj", "pobj", "attr", "conj"}
BEARING = {"up", "down", "good", "bad", "affect", "associate"}
OF_TIME_AND_MEASURE = {
    "time", "day", "week", "month", "year", "hour", "minute", "night", "period", "number", "turn", "addition", "order",
    "example", "instance", "%", "p", "percent", "fact", "case", "way", "thing", "part", "kind", "dr", "use",
}  # fmt: skip
LEFT_OUT = {"DET", "PRON", "NUM", "PUNCT", "SPACE"}


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A noun phrase (lemmas, without articles and numbers), how often and where it stands, and one sentence."""

    phrase: str
    times: int
    articles: int
    example: str


def unlinked(articles: Iterable[Article], extractor: Extractor) -> list[Unlinked]:
    """The phrases of at least LEAST_ARTICLES articles, the one in most articles first."""
    places: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for article in articles:
        plan = extractor.planner.plan(article)
        units = list(plan.units.values())
        docs = extractor.nlp.pipe([unit.text for unit in units], disable=["abbreviation_detector"])
        for unit, doc in zip(units, docs, strict=True):
            for phrase in phrases(doc[:], unit.matches, extractor.lexicon):
                places[phrase].append((article.document_id, unit.sentence.text))
    found = [
        Unlinked(phrase, len(where), len({document for document, _ in where}), where[0][1])
        for phrase, where in places.items()
    ]
    frequent = [phrase for phrase in found if phrase.articles >= LEAST_ARTICLES]
    return sorted(frequent, key=lambda phrase: (-phrase.articles, -phrase.times, phrase.phrase))


def phrases(sentence: Span, matches: Sequence[Match], lexicon: Lexicon) -> Iterator[str]:
    """The noun phrases of a parsed sentence that hang on a word of effect and overlap no match."""
    for chunk in sentence.doc.noun_chunks:
        if any(match.start < chunk.end_char and chunk.start_char < match.end for match in matches):
            continue
        if chunk.root.dep_ not in ENDS or not _hangs_on_effect(chunk, lexicon):
            continue
        root = chunk.root.lemma_.lower()
        if root in lexicon.nouns or ("N", root) in lexicon.predicates or root in OF_TIME_AND_MEASURE:
            continue
        words = [token.lemma_.lower() for token in chunk if token.pos_ not in LEFT_OUT]
        if words and chunk.root.pos_ in {"NOUN", "PROPN"}:
            yield " ".join(words)


def _hangs_on_effect(chunk: Span, lexicon: Lexicon) -> bool:
    token = chunk.root
    for _ in range(3):
        token = token.head
        part = {"VERB": "V", "AUX": "V", "NOUN": "N", "ADJ": "A"}.get(token.pos_, "")
        frames = lexicon.predicates.get((part, token.lemma_.lower()), ())
        if any(kind in BEARING for _, kind in frames):
            return True
    return False


def _articles(path: Path) -> Iterator[Article]:
    for source in load_sources(path):
        for offer in fetch(source):
            if isinstance(offer, Reject):
                print(f"{offer.path} left out: {offer.reason}", file=sys.stderr)
            elif isinstance(offer, Fetched):
                try:
                    yield read(offer)
                except UnreadableError as error:
                    print(f"{offer.path} left out: it {error}", file=sys.stderr)


def main(arguments: Sequence[str]) -> int:
    """Print the table; exit code 2 for wrong usage."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        found = unlinked(_articles(Path(arguments[0])), Extractor.load(load_settings()))
    except CatalogError as error:
        print(f"myoclaims: {error}", file=sys.stderr)
        return 2
    print("articles\ttimes\tphrase\texample")
    for phrase in found[:SHOWN]:
        print(f"{phrase.articles}\t{phrase.times}\t{phrase.phrase}\t{' '.join(phrase.example.split())}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
