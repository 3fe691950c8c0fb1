"""Whether the records of one article hold together, before they become rows."""

from collections.abc import Sequence

from pipeline.records import Extraction, Mention, Sentence
from pipeline.store.errors import InconsistentExtractionError

SHOWN = 3


def problems(extraction: Extraction) -> list[str]:
    """What contradicts itself in `extraction`, in words; empty if nothing does.

    Checked: everything belongs to the article, offsets give the text they claim to give, claims and mentions
    stand in sentences of the article, triples are built from its claims, and the text can be stored.
    """
    article = extraction.article
    text, document_id = article.text, article.document_id
    sentences = {sentence.sentence_id: sentence for sentence in extraction.sentences}
    claim_ids = {claim.claim_id for claim in extraction.claims}
    found: list[str] = []
    for name in ("path", "text", "title", "author", "published", "url"):
        if storable(getattr(article, name)) != getattr(article, name):
            found.append(f"the {name} holds lone surrogates, which are no characters")
    for records in (extraction.sentences, extraction.mentions, extraction.claims, extraction.triples):
        found += [
            f"{type(record).__name__} belongs to {record.document_id}, expected {document_id}"
            for record in records
            if record.document_id != document_id
        ]
    found += _wrong_offsets(text, extraction.sentences)
    found += _wrong_offsets(text, extraction.mentions)
    for mention in extraction.mentions:
        if mention.sentence_id not in sentences:
            found.append(f"mention {mention.text!r} stands in unknown sentence {mention.sentence_id}")
    for claim in extraction.claims:
        sentence = sentences.get(claim.sentence_id)
        if sentence is None:
            found.append(f"claim {claim.claim_id} stands in unknown sentence {claim.sentence_id}")
        elif (claim.char_start, claim.char_end) != (sentence.char_start, sentence.char_end):
            found.append(
                f"claim {claim.claim_id} has offsets {claim.char_start}:{claim.char_end}, "
                f"expected those of its sentence, {sentence.char_start}:{sentence.char_end}"
            )
    for triple in extraction.triples:
        found += [
            f"triple {triple.triple_id} is built from unknown claim {claim_id}"
            for claim_id in triple.claim_ids
            if claim_id not in claim_ids
        ]
    return found


def storable(text: str) -> str:
    """`text` with question marks for lone surrogates, as they stand in file names that are not UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def refuse_contradictions(extractions: Sequence[Extraction]) -> None:
    """Raise `InconsistentExtractionError` if any of `extractions` has problems or two share a document id."""
    places: dict[str, str] = {}
    for extraction in extractions:
        article = extraction.article
        place = f"{article.source_id}:{article.path}"
        found = problems(extraction)
        if found:
            more = f" (and {len(found) - SHOWN} more)" if len(found) > SHOWN else ""
            raise InconsistentExtractionError(f"{place}: {'; '.join(found[:SHOWN])}{more}. Nothing was stored.")
        other = places.setdefault(article.document_id, place)
        if other != place:
            raise InconsistentExtractionError(
                f"{place} and {other} have the same id {article.document_id}. "
                f"Exact copies must be numbered before they are extracted: see Build.numbered."
            )


def _wrong_offsets(text: str, records: Sequence[Sentence] | Sequence[Mention]) -> list[str]:
    return [
        f"{type(record).__name__} {record.char_start}:{record.char_end} is {record.text[:60]!r}, "
        f"but the text there is {text[record.char_start : record.char_end][:60]!r}"
        for record in records
        if text[record.char_start : record.char_end] != record.text
    ]
