"""What a BioC document says of works: its own numbers and its references."""

import re
from collections.abc import Iterable, Iterator, Mapping

from pipeline.reading.characters import on_one_line
from pipeline.reading.naming import Named
from pipeline.reading.works import (
    doi_identifier,
    identifiers_in,
    pmcid_identifier,
    pmid_identifier,
    title_identifier,
)

_REGISTERS = (
    ("pmid", pmid_identifier),
    ("pmc", pmcid_identifier),
    ("pmcid", pmcid_identifier),
    ("doi", doi_identifier),
)
_LONGEST = 300  # characters; no identifier is longer
_PMC_ID = re.compile(r"PMC\d{1,9}", re.IGNORECASE)


def article_identifiers(
    document: Mapping[str, object], infons: Iterable[Mapping[str, object]], source: str
) -> tuple[str, ...]:
    """The PMID, PMCID and DOI of `document`, one each, from its fields and from the `infons` of it and its passages.

    Only where these say nothing its id counts, which is a PMCID or, unless `source` names PMC, a PMID.
    """
    found: dict[str, str] = {}
    for fields in (document, *infons):
        for register, identify in _REGISTERS:
            for key in (register, f"article-id_{register}"):
                if identifier := identify(_number(fields.get(key))):
                    found.setdefault(identifier.partition(":")[0], identifier)
    name = _number(document.get("id"))
    if not found:
        in_pmc = _PMC_ID.fullmatch(name) or "pmc" in source.lower()
        identifier = pmcid_identifier(name) if in_pmc else pmid_identifier(name) or doi_identifier(name)
        return (identifier,) if identifier else ()
    return tuple(found.values())


def works_cited(references: Iterable[tuple[str, Mapping[str, object]]]) -> Iterator[Named]:
    """The works of the reference passages, each given by its text and its infons."""
    for words, infons in references:
        found = [identify(_number(infons.get(f"pub-id_{register}"))) for register, identify in _REGISTERS]
        if not any(found):
            found += (item.identifier for item in identifiers_in(words))
        identifiers = tuple(dict.fromkeys(name for name in (*found, title_identifier(words)) if name))
        if identifiers:
            yield Named(identifiers, words)


def _number(value: object) -> str:
    is_number = isinstance(value, str | int) and not isinstance(value, bool)
    return on_one_line(str(value))[:_LONGEST] if is_number else ""
