"""Articles of PubMed by a query: all of them at first, then those that came or were revised since."""

from collections.abc import Iterator

from pipeline.fetching.answers import FetchError
from pipeline.fetching.entrez import KEY, MOST_LISTED, Entrez, Listing, Record
from pipeline.fetching.following import Following
from pipeline.fetching.retrying import asked_until_had
from pipeline.fetching.terms import Offer, Terms
from pipeline.fetching.web import WebClient
from pipeline.records import Fetched, Source, Unchanged

LOCATION = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"

_BATCH = 200
_PER_SECOND, _PER_SECOND_WITH_KEY = 3, 10  # what NCBI allows


def fetch_pubmed(source: Source, terms: Terms) -> Iterator[Offer]:
    """Offer the records that PubMed finds for `source.query`, each as a `<PubmedArticleSet>` of its own.

    After a run that came to its end, only records that are new or were revised since are asked for: with them come
    retraction notices. A record that PubMed lists and does not send was deleted, and is rejected. Up to 200 records
    are in memory. An API key is taken from `NCBI_API_KEY`, an address to write to from `MYOCLAIMS_CONTACT`.
    """
    rate = _PER_SECOND_WITH_KEY if terms.environ.get(KEY, "").strip() else _PER_SECOND
    # its robots.txt keeps everything out, but it is there to be asked by programs
    with WebClient(source, terms, obeys_robots=False, requests_per_s=rate) as client:
        yield from _Harvest(Entrez(client, source.location, terms), Following.of(source, terms)).offers()


class _Harvest:
    """One run along a query, in whose parts no record is asked for twice, unless it was missing at first."""

    def __init__(self, entrez: Entrez, following: Following) -> None:
        self._entrez = entrez
        self._following = following
        self._done: set[str] = set()
        self._asked_before: set[str] = set()

    def offers(self) -> Iterator[Offer]:
        """Everything that the run has to offer, the visit of the whole source last."""
        following = self._following
        try:
            for listing in self._entrez.listings(following.source.query, following.asked_from, following.today):
                if listing.count > len(listing.pmids):
                    reason = f"has {listing.count:,} results of one day, of which PubMed shows {MOST_LISTED:,}"
                    yield following.rejected("", f"{reason}; narrow `query`")
                yield from self._articles(listing)
                if following.gives_up:
                    break
        except FetchError as error:
            yield following.failed("", error, "could not be searched: ")
        yield from following.ending()

    def _articles(self, listing: Listing) -> Iterator[Offer]:
        following = self._following
        for pmid in listing.pmids:
            if pmid not in self._done and following.skips(_path(pmid)):
                self._done.add(pmid)
                yield Unchanged(following.source.source_id, _path(pmid))
        while due := [pmid for pmid in listing.pmids if pmid not in self._done]:
            if following.is_over:
                following.is_whole = False
                return
            fetch = _Fetch(self._entrez, listing, self._done, following.left)
            try:
                records = asked_until_had(fetch, following.terms)
            except FetchError as error:
                reason = f"did not send {len(fetch.asked)} of the {len(due)} records that are due"
                yield following.failed("", error, f"{reason}, from {_path(fetch.asked[0])} on: ")
                self._done.update(fetch.asked)
            else:
                yield from self._offered(fetch.asked, records)
            listing = fetch.listing

    def _offered(self, asked: tuple[str, ...], records: tuple[Record, ...]) -> Iterator[Offer]:
        following = self._following
        following.had(len(records))
        for record in records:
            path = _path(record.pmid)
            if record.pmid in self._done:
                continue
            self._done.add(record.pmid)
            address = f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/"
            now, visit = following.terms.now(), following.visited(path)
            yield Fetched(following.source.source_id, path, record.data, now, address, "application/xml", visit)
        for pmid in asked:
            if pmid in self._asked_before and pmid not in self._done:
                self._done.add(pmid)
                yield following.rejected(_path(pmid), "is listed by PubMed but not sent: its record was deleted")
            self._asked_before.add(pmid)


class _Fetch:
    """Asks for the next records of `listing` that are not `done`; each time after the first by a new search.

    `asked` are their PMIDs, `listing` is where they were listed.
    """

    def __init__(self, entrez: Entrez, listing: Listing, done: set[str], at_most: int | None) -> None:
        self._entrez = entrez
        self._done = done
        self._at_most = at_most
        self._is_again = False
        self.listing = listing
        self.asked: tuple[str, ...] = ()

    def __call__(self) -> tuple[Record, ...]:
        if self._is_again:
            self.listing = self._entrez.search(self.listing.term, self.listing.dates)
        self._is_again = True
        due = [number for number, pmid in enumerate(self.listing.pmids) if pmid not in self._done]
        batch = [number for number in due if number < due[0] + _BATCH][: self._at_most]
        self.asked = tuple(self.listing.pmids[number] for number in batch)
        return self._entrez.records(self.listing, batch[0], batch[-1] - batch[0] + 1) if batch else ()


def _path(pmid: str) -> str:
    return f"{pmid}.xml"
