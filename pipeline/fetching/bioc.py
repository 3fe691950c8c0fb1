"""Articles by their PMCIDs or PMIDs from NCBI's BioC service, which has the open-access part of PubMed Central."""

import re
from collections.abc import Iterator

from pipeline.fetching.answers import Answer, FetchError, TryAgain
from pipeline.fetching.retrying import asked_until_had
from pipeline.fetching.terms import Offer, Terms
from pipeline.fetching.web import WebClient
from pipeline.records import Fetched, Reject, Source, Stage, Unchanged, Visit

LOCATION = "https://www.ncbi.nlm.nih.gov/research/bionlp/RESTful/pmcoa.cgi/BioC_json"

_PER_SECOND = 3
_FAILURES_IN_A_ROW = 3
_ID = re.compile(r"(PMC)?[0-9]{1,9}")
_UNKNOWN = b"[Error]"
_LEADING = b"\xef\xbb\xbf \t\r\n"
_BRACKETS = {b"[": b"]", b"{": b"}"}


def fetch_bioc(source: Source, terms: Terms) -> Iterator[Offer]:
    """Offer the articles `source.ids` as BioC-JSON, in their order, each once.

    An id that the service does not know, or that is none, is rejected. After three failures one after the other the
    service is left alone, and the rest is rejected too, until the next run.
    """
    failures = 0
    with WebClient(source, terms, obeys_robots=False, requests_per_s=_PER_SECOND) as client:
        for name in dict.fromkeys(name.strip().upper() for name in source.ids):
            if failures < _FAILURES_IN_A_ROW:
                offer = _offered(client, source, terms, name)
                failures = failures + 1 if isinstance(offer, Reject) and offer.is_passing else 0
                yield offer
            else:
                reason = "was not asked for, since the service failed for those before it; the next run asks again"
                yield _rejected(source, f"{name}.json", reason, is_passing=True)


def _offered(client: WebClient, source: Source, terms: Terms, name: str) -> Offer:
    path = f"{name}.json"
    if not _ID.fullmatch(name):
        return _rejected(
            source, path, "is asked for by what is no PMCID (PMC4529719) or PMID (26252506); correct `ids`"
        )
    visit = terms.visits.get(path)
    try:
        answer = asked_until_had(lambda: _answer(client, source, name, visit), terms)
    except FetchError as error:
        return _rejected(source, path, str(error), is_passing=error.is_passing)
    if answer.is_unchanged:
        return Unchanged(source.source_id, path)
    if answer.data.lstrip(_LEADING).startswith(_UNKNOWN):
        reason = "is not known to the BioC service, which has the open-access articles of PubMed Central; remove it"
        return _rejected(source, path, f"{reason} from `ids`, or get it elsewhere")
    now = terms.now()
    seen = Visit(source.source_id, path, now, answer.etag, answer.last_modified)
    return Fetched(source.source_id, path, answer.data, now, _address(name), "application/json", seen)


def _answer(client: WebClient, source: Source, name: str, visit: Visit | None) -> Answer:
    url = f"{source.location.rstrip('/')}/{name}/unicode"
    answer = client.get(url, visit=visit)
    data = answer.data.strip(_LEADING)
    is_whole = data[:1] in _BRACKETS and data.endswith(_BRACKETS[data[:1]])
    if not (answer.is_unchanged or data.startswith(_UNKNOWN) or is_whole):
        raise TryAgain(f"{url} sends no JSON, or not all of it")
    return answer


def _address(name: str) -> str:
    """Where a reader finds the article."""
    if name.startswith("PMC"):
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{name}/"
    return f"https://pubmed.ncbi.nlm.nih.gov/{name}/"


def _rejected(source: Source, path: str, reason: str, *, is_passing: bool = False) -> Reject:
    return Reject(source.source_id, path, Stage.FETCHING, reason, is_passing=is_passing)
