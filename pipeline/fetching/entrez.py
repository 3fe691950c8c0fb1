"""NCBI's E-utilities: searches of PubMed that stay on its history server, and the records that they list."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from pipeline.fetching.answers import FetchError, TryAgain
from pipeline.fetching.retrying import asked_until_had
from pipeline.fetching.terms import Terms
from pipeline.fetching.web import WebClient

MOST_LISTED = 9_999
"""Of more results PubMed shows no further ones, neither in a list nor on the history server."""

KEY = "NCBI_API_KEY"

_CONTACT = "MYOCLAIMS_CONTACT"
_TOOL = "myokine-claims"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PMID = re.compile(r"[0-9]{1,9}")
_COUNT = re.compile(r"[0-9]{1,12}")
_DAY = timedelta(days=1)
_EARLIEST, _LATEST = date(1700, 1, 1), date(3000, 12, 31)
_READ_OF_ERROR, _LONGEST_SAID = 10_000, 200  # characters of what the service says instead of an answer
_MAY_BE_DELETED = 10  # records; more are not deleted all together


@dataclass(frozen=True, slots=True)
class Listing:
    """The results of `term` in the range `dates`: how many, at most MOST_LISTED of their PMIDs, and where they stay."""

    term: str
    dates: Mapping[str, str]
    count: int
    pmids: tuple[str, ...]
    web_env: str = ""
    query_key: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A record of PubMed: a `<PubmedArticleSet>` that holds it alone."""

    pmid: str
    data: bytes


class Entrez:
    """Asks the E-utilities at `location` over `client`. An API key in the environment is in no message."""

    def __init__(self, client: WebClient, location: str, terms: Terms) -> None:
        self._client = client
        self._location = location.rstrip("/")
        self._terms = terms
        contact = terms.environ.get(_CONTACT, "").removeprefix("mailto:")
        self._key = terms.environ.get(KEY, "").strip()
        self._always = {"db": "pubmed", "tool": _TOOL}
        self._always |= {"email": contact} if _EMAIL.fullmatch(contact) else {}
        self._always |= {"api_key": self._key} if self._key else {}

    def listings(self, query: str, changed_from: date | None, today: date) -> Iterator[Listing]:
        """The results of `query`, all or those that came or changed from a day on, in as many parts as needed.

        A part that has more results than PMIDs holds those of a single day. Raises FetchError.
        """
        whole = self.search(query, {} if changed_from is None else _range("mdat", changed_from, "3000"))
        if whole.count <= MOST_LISTED:
            yield whole
            return
        if changed_from is not None:
            query = f'({query}) AND ("{_slashed(changed_from)}"[mdat] : "3000"[mdat])'
        spans = [(today + _DAY, _LATEST), (_EARLIEST, today)]
        while spans:
            first, last = spans.pop()
            part = self.search(query, _range("edat", first, _slashed(last)))
            if part.count <= MOST_LISTED or first == last:
                yield part
            else:
                middle = first + (last - first) // 2
                spans += [(middle + _DAY, last), (first, middle)]

    def search(self, term: str, dates: Mapping[str, str]) -> Listing:
        """The results of `term`, kept on the history server; raises FetchError."""
        return asked_until_had(lambda: self._searched(term, dates), self._terms)

    def records(self, listing: Listing, start: int, count: int) -> tuple[Record, ...]:
        """The records of `listing` from number `start` (the first is 0) on; deleted ones are not among them.

        Raises FetchError, and TryAgain for what a new search may help, such as a history that is gone.
        """
        history = {"WebEnv": listing.web_env, "query_key": listing.query_key, "retmode": "xml"}
        data = self._asked("efetch.fcgi", {**history, "retstart": str(start), "retmax": str(count)})
        try:
            root = fromstring(data)
            if root.tag == "PubmedArticleSet":
                records = tuple(record for element in root if (record := _record(element)) is not None)
            else:
                raise TryAgain(self._complaint("efetch.fcgi", f"<{root.tag}>", " ".join(root.itertext())))
        except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
            reason = f"{self._location}/efetch.fcgi sends XML that is cut off or broken ({type(error).__name__})"
            raise TryAgain(reason) from error
        if count > _MAY_BE_DELETED and not records:
            raise TryAgain(f"{self._location}/efetch.fcgi sends none of {count} records")
        return records

    def _searched(self, term: str, dates: Mapping[str, str]) -> Listing:
        wanted = {"term": term, "usehistory": "y", "retmode": "json", "retmax": str(MOST_LISTED)}
        data = self._asked("esearch.fcgi", {**wanted, **dates})
        try:
            answer = json.loads(data, strict=False)  # its errors hold line ends as they are
        except (ValueError, RecursionError) as error:
            raise TryAgain(self._complaint("esearch.fcgi", "no JSON", data.decode("utf-8", "replace"))) from error
        fields = answer if isinstance(answer, dict) else {}
        result = fields.get("esearchresult")
        if not isinstance(result, dict) or "ERROR" in result:
            said = result["ERROR"] if isinstance(result, dict) else fields.get("error")
            complaint = self._complaint("esearch.fcgi", "no result", _text(said))
            raise TryAgain(f"{complaint}; if that stays, correct `query`")
        count, listed = _text(result.get("count")), result.get("idlist")
        pmids = tuple(map(_text, listed)) if isinstance(listed, list) else None
        if pmids is None or not all(map(_PMID.fullmatch, pmids)) or not _COUNT.fullmatch(count):
            raise TryAgain(f"{self._location}/esearch.fcgi sends a result without count and idlist")
        web_env, query_key = _text(result.get("webenv")), _text(result.get("querykey"))
        if len(pmids) < min(int(count), MOST_LISTED) or (pmids and not (web_env and query_key)):
            raise TryAgain(f"{self._location}/esearch.fcgi lists {len(pmids)} of {count} results")
        return Listing(term, dates, int(count), pmids, web_env, query_key)

    def _asked(self, utility: str, parameters: Mapping[str, str]) -> bytes:
        try:
            return self._client.get(f"{self._location}/{utility}", parameters={**self._always, **parameters}).data
        except FetchError as error:
            if error.status != 400:
                raise
            key = f"; if that stays, check {KEY}" if self._key else ""
            raise TryAgain(f"{self._location}/{utility} answers 400 Bad Request{key}", status=400) from error

    def _complaint(self, utility: str, found: str, said: str) -> str:
        """What the service says instead of an answer, without the key, which it sometimes repeats."""
        found, said = found[:_READ_OF_ERROR], " ".join(said[:_READ_OF_ERROR].split())
        for form in {self._key, quote(self._key, safe="")} - {""}:
            found, said = found.replace(form, "…"), said.replace(form, "…")
        return f"{self._location}/{utility} sends {found[:_LONGEST_SAID]}, and says {said[:_LONGEST_SAID]!r}"


def _record(element: Element) -> Record | None:
    """An article, book or chapter by itself; nothing for what else a set holds, such as notes of deleted records."""
    pmid = (element.findtext("MedlineCitation/PMID") or element.findtext("BookDocument/PMID") or "").strip()
    if not _PMID.fullmatch(pmid):
        return None
    alone = Element("PubmedArticleSet")
    element.tail = None
    alone.append(element)
    return Record(pmid, tostring(alone, encoding="utf-8", xml_declaration=True))


def _range(kind: str, first: date, last: str) -> dict[str, str]:
    return {"datetype": kind, "mindate": _slashed(first), "maxdate": last}


def _text(value: object) -> str:
    """A text or number of JSON; empty for anything else."""
    return str(value) if isinstance(value, str | int) else ""


def _slashed(day: date) -> str:
    return day.strftime("%Y/%m/%d")
