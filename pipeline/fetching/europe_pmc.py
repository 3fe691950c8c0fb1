"""Open-access full texts of Europe PMC by a query: all of them at first, then those that were updated since."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.fetching.answers import Answer, FetchError, TryAgain
from pipeline.fetching.following import Following
from pipeline.fetching.retrying import asked_until_had
from pipeline.fetching.terms import Offer, Terms
from pipeline.fetching.web import WebClient
from pipeline.records import Fetched, Source, Unchanged, Visit

LOCATION = "https://www.ebi.ac.uk/europepmc/webservices/rest"

_PAGE_SIZE = 100
_PER_SECOND = 5
_FIRST_MARK = "*"
_PMCID = re.compile(r"PMC[0-9]{1,9}")
_REVISED = ("dateOfRevision", "fullTextReceivedDate")
_LONGEST_SAID = 200  # characters of an error of the service
_TAIL = 1000  # bytes in which an article that is whole ends


@dataclass(frozen=True, slots=True)
class _Page:
    """Some results of a search that has `hits` in all, and the mark that leads to the next ones."""

    hits: int
    results: tuple[Mapping[str, object], ...]
    next_mark: str


def fetch_europe_pmc(source: Source, terms: Terms) -> Iterator[Offer]:
    """Offer the full texts (JATS) of the open-access articles that Europe PMC finds for `source.query`.

    After a run that came to its end, only what Europe PMC updated since is asked for, and of that only articles
    whose record or full text has another date than at their last visit.
    """
    with WebClient(source, terms, obeys_robots=False, requests_per_s=_PER_SECOND) as client:
        yield from _Harvest(client, Following.of(source, terms)).offers()


class _Harvest:
    """One run along a query, in which no article is asked for twice."""

    def __init__(self, client: WebClient, following: Following) -> None:
        self._client = client
        self._following = following
        self._location = following.source.location.rstrip("/")
        self._met: set[str] = set()

    def offers(self) -> Iterator[Offer]:
        """Everything that the run has to offer, the visit of the whole source last."""
        following = self._following
        try:
            for page in self._pages():
                for result in page.results:
                    yield from self._offered(result)
                if following.is_over and not following.is_whole:
                    return
        except FetchError as error:
            yield following.failed("", error, "could not be searched: ")
        yield from following.ending()

    def _pages(self) -> Iterator[_Page]:
        """The pages of the results; raises FetchError for a listing that breaks off."""
        query = _query(self._following.source.query, self._following.asked_from)
        mark, marks, listed = _FIRST_MARK, {_FIRST_MARK}, 0
        while True:
            page = self._page(query, mark)
            yield page
            listed += len(page.results)
            if listed >= page.hits:
                return
            mark = page.next_mark
            if not page.results or not mark or mark in marks:
                raise FetchError(f"{self._location}/search lists {listed} of {page.hits} results", is_passing=True)
            marks.add(mark)

    def _page(self, query: str, mark: str) -> _Page:
        return asked_until_had(lambda: self._asked(query, mark), self._following.terms)

    def _asked(self, query: str, mark: str) -> _Page:
        wanted = {"query": query, "format": "json", "resultType": "core", "pageSize": str(_PAGE_SIZE)}
        data = self._client.get(f"{self._location}/search", parameters={**wanted, "cursorMark": mark}).data
        try:
            answer = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise TryAgain(f"{self._location}/search sends no JSON, or not all of it") from error
        fields = answer if isinstance(answer, dict) else {}
        if said := " ".join(_text(fields.get("errMsg")).split()):
            reason = f"{self._location}/search answers {said[:_LONGEST_SAID]!r}; correct `query`"
            raise FetchError(reason, is_passing=False)
        hits, listed = fields.get("hitCount"), fields.get("resultList")
        if not isinstance(hits, int) or not isinstance(listed, dict):  # what it sends now and then instead of an error
            raise TryAgain(f"{self._location}/search sends an answer without hitCount and resultList")
        found = listed.get("result") or []
        results = tuple(item for item in (found if isinstance(found, list) else [found]) if isinstance(item, dict))
        return _Page(hits, results, _text(fields.get("nextCursorMark")))

    def _offered(self, result: Mapping[str, object]) -> Iterator[Offer]:
        following, pmcid = self._following, _text(result.get("pmcid"))
        has_text = result.get("isOpenAccess") == "Y" and result.get("inEPMC") == "Y"
        if not has_text or not _PMCID.fullmatch(pmcid) or pmcid in self._met:
            return
        self._met.add(pmcid)
        path, version = f"{pmcid}.xml", _version(result)
        visit = following.terms.visits.get(path)
        if (visit is not None and version and visit.cursor == version) or following.skips(path):
            yield Unchanged(following.source.source_id, path)
        elif following.is_over:
            following.is_whole = False
        else:
            yield self._fetched(pmcid, path, visit, version)

    def _fetched(self, pmcid: str, path: str, visit: Visit | None, version: str) -> Offer:
        following = self._following
        try:
            answer = asked_until_had(lambda: self._full_text(pmcid, visit), following.terms)
        except FetchError as error:
            if error.status == 404:
                return following.rejected(path, "is listed as open access, but Europe PMC has no full text of it (404)")
            return following.failed(path, error)
        if answer.is_unchanged:
            return Unchanged(following.source.source_id, path)
        following.had()
        return Fetched(
            source_id=following.source.source_id,
            path=path,
            data=answer.data,
            fetched_at=following.terms.now(),
            url=f"https://europepmc.org/article/PMC/{pmcid}",
            media_type="application/xml",
            visit=following.visited(path, etag=answer.etag, last_modified=answer.last_modified, cursor=version),
        )

    def _full_text(self, pmcid: str, visit: Visit | None) -> Answer:
        answer = self._client.get(f"{self._location}/{pmcid}/fullTextXML", visit=visit)
        if not answer.is_unchanged and not (b"<article" in answer.data and b"</article>" in answer.data[-_TAIL:]):
            raise TryAgain(f"{self._location}/{pmcid}/fullTextXML sends no article, or not all of it")
        return answer


def _query(query: str, updated_from: date | None) -> str:
    """`query` for open-access articles in Europe PMC, and of these only what was updated from that day on."""
    updated = f" AND UPDATE_DATE:[{updated_from.isoformat()} TO 3000-12-31]" if updated_from else ""
    return f"({query}) AND OPEN_ACCESS:y AND IN_EPMC:y{updated}"


def _version(result: Mapping[str, object]) -> str:
    """What changes when the record or the full text is revised; empty where the result does not say."""
    return " ".join(f"{name}:{revised}" for name in _REVISED if (revised := _text(result.get(name))))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
