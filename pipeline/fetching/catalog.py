"""The catalog of sources: a .toml file with one `[[source]]` table a place, or just a folder or file."""

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

from pipeline.fetching.addresses import AddressRefused, checked, parse_host
from pipeline.fetching.registry import KINDS
from pipeline.records import Source

TIERS = ("trial", "review", "abstract", "registry", "glossary", "notes", "blog", "press", "unknown")

ALWAYS_NEEDED = ("source_id", "title", "kind")
ALWAYS_TAKEN = ("tier", "url", "publisher")
ON_THIS_MACHINE = ("folder", "file")

_TYPES = get_type_hints(Source)
_KEYS = tuple(field.name for field in fields(Source))
_EXPECTED: dict[Any, tuple[type | tuple[type, ...], str]] = {
    str: (str, "a string in quotes"),
    int: (int, "a whole number, 0 or more"),
    float: ((int, float), "a number, 0 or more"),
    bool: (bool, "true or false"),
    tuple[str, ...]: (list, "a list of strings in quotes"),
}


class CatalogError(ValueError):
    """The catalog cannot be used; the message says where, what was found, what was expected, what to do."""


def load_sources(path: Path) -> list[Source]:
    """The sources that `path` names, in its order.

    `path` is a catalog (a .toml file with an array `[[source]]` whose keys are the fields of `Source`; a
    relative `location` on this machine counts from the catalog's folder), a folder of articles, or a single article.
    Raises CatalogError where `path` is missing or the catalog is wrong. A `location` that does not exist is
    no error here: fetching that source gives a reject, and the others go on.
    """
    if path.is_dir():
        return [_stand_in(path, "folder")]
    if not path.is_file():
        raise CatalogError(f"{path}: there is no such file or folder; name a catalog, a folder or an article")
    if path.suffix.lower() == ".toml":
        return _load_catalog(path)
    return [_stand_in(path, "file")]


def slug(name: str) -> str:
    """`name` as a source id: lower case letters, digits and single hyphens (`My Notes!` gives `my-notes`)."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "source"


def _stand_in(path: Path, kind: str) -> Source:
    name = path.resolve().name
    return Source(source_id=slug(name), title=name, kind=kind, location=str(path))


def _load_catalog(path: Path) -> list[Source]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"{path}: is not valid TOML: {error}; correct that line") from error
    except UnicodeDecodeError as error:
        raise CatalogError(f"{path}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise CatalogError(f"{path}: cannot be opened ({error.strerror}); check that you may read it") from error
    entries = table.pop("source", None)
    if table:
        raise CatalogError(f"{path}: found {_listed(table)} at the top; only [[source]] tables are expected there")
    if not isinstance(entries, list) or not entries:
        raise CatalogError(f"{path}: found no [[source]] table; give each place of articles one, with its source_id")
    sources: list[Source] = []
    first_at: dict[str, int] = {}
    for number, entry in enumerate(entries, start=1):
        source = _source(path, number, entry)
        if source.source_id in first_at:
            raise CatalogError(
                f"{path}: [[source]] number {number} has the source_id {source.source_id!r} of number "
                f"{first_at[source.source_id]}; give each source its own"
            )
        first_at[source.source_id] = number
        sources.append(source)
    return sources


def _source(path: Path, number: int, entry: Any) -> Source:
    where = f"{path}: [[source]] number {number}"
    if not isinstance(entry, dict):
        raise CatalogError(f"{where} is {entry!r}; a table of keys was expected")
    if isinstance(entry.get("source_id"), str):
        where += f" ({entry['source_id']})"
    if unknown := [key for key in entry if key not in _KEYS]:
        raise CatalogError(f"{where}: found the unknown key {_listed(unknown)}; known are {_listed(_KEYS)}")
    if missing := [key for key in ALWAYS_NEEDED if key not in entry]:
        raise CatalogError(f"{where}: lacks the key {_listed(missing)}; add it")
    values = {key: _value(where, key, value) for key, value in entry.items()}
    if values["kind"] not in KINDS:
        raise CatalogError(f"{where}: found the kind {entry['kind']!r}; known kinds are {_listed(KINDS)}")
    kind = KINDS[values["kind"]]
    if missing := [key for key in kind.needs if key not in entry]:
        raise CatalogError(f"{where}: lacks the key {_listed(missing)}, which a source of this kind needs; add it")
    if empty := [key for key in (*ALWAYS_NEEDED, *kind.needs) if not values[key]]:
        raise CatalogError(f"{where}: {_listed(empty)} is empty; fill it in")
    taken = (*ALWAYS_NEEDED, *ALWAYS_TAKEN, *kind.needs, *kind.takes)
    if idle := [key for key in entry if key not in taken]:
        raise CatalogError(
            f"{where}: found the key {_listed(idle)}, which means nothing for the kind {values['kind']!r}; "
            f"it takes {_listed(taken)}"
        )
    if values.get("tier", "unknown") not in TIERS:
        raise CatalogError(f"{where}: found the tier {entry['tier']!r}; known tiers are {_listed(TIERS)}")
    if "glob" in values and not values["glob"]:
        raise CatalogError(f"{where}: glob is empty, which matches nothing; leave it out to take everything")
    if values["kind"] in ON_THIS_MACHINE:
        values["location"] = str(path.parent / values["location"])
    else:
        _check_web(where, values)
    return Source(**{"location": kind.location, **values})


def _check_web(where: str, values: Mapping[str, Any]) -> None:
    """Raises CatalogError unless the addresses are of the web and the private hosts are hosts."""
    located = [("location", values["location"])] if "location" in values else []
    for key, address in (*located, *(("addresses", address) for address in values.get("addresses", ()))):
        try:
            checked(address)
        except AddressRefused as error:
            raise CatalogError(f"{where}: {key}: {error}") from error
    for host in values.get("allow_private", ()):
        if parse_host(host) is None:
            raise CatalogError(
                f"{where}: allow_private: {host!r} is no host; a host alone was expected, "
                "like 'wiki.local' or '127.0.0.1:8000'"
            )


def _value(where: str, key: str, value: Any) -> Any:
    """`value` as the field `key` of a Source takes it."""
    types, expected = _EXPECTED[_TYPES[key]]
    is_right = isinstance(value, types) and (_TYPES[key] is bool or not isinstance(value, bool))
    if isinstance(value, list):
        is_right = is_right and all(isinstance(item, str) and item.strip() for item in value)
    if is_right and isinstance(value, int | float):
        is_right = value >= 0 and math.isfinite(value)
    if not is_right:
        raise CatalogError(f"{where}: {key} is {value!r}; {expected} was expected")
    if isinstance(value, list):
        return tuple(item.strip() for item in value)
    return value.strip() if isinstance(value, str) else value


def _listed(names: Any) -> str:
    return ", ".join(str(name) for name in names)
