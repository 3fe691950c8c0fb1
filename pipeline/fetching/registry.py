"""Which fetcher serves which kind of source. A new kind of place is one function and one line here."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from pipeline.fetching.folder import fetch_file, fetch_folder
from pipeline.fetching.limits import Clock, FetchLimits
from pipeline.records import Fetched, Reject, Source

Fetcher = Callable[[Source, Clock, FetchLimits], Iterator[Fetched | Reject]]

FETCHERS: Mapping[str, Fetcher] = MappingProxyType({"folder": fetch_folder, "file": fetch_file})
