"""The catalog of sources: a .toml file with one `[[source]]` table a place, or just a folder or file."""

import re
import tomllib
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from pipeline.fetching.registry import FETCHERS
from pipeline.records import Source

TIERS = ("trial", "review", "abstract", "registry", "glossary", "notes", "blog", "press", "unknown")

_KEYS = tuple(field.name for field in fields(Source))
_REQUIRED = tuple(field.name for field in fields(Source) if field.default is MISSING)


class CatalogError(ValueError):
    """The catalog cannot be used; the message says where, what was found, what was expected, what to do."""


def load_sources(path: Path) -> list[Source]:
    """The sources that `path` names, in its order.

    `path` is a catalog (a .toml file with an array `[[source]]` whose keys are the fields of `Source`; a
    relative `location` counts from the catalog's folder), a folder of articles, or a single article.
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
    if missing := [key for key in _REQUIRED if key not in entry]:
        raise CatalogError(f"{where}: lacks the key {_listed(missing)}; add it")
    for key, value in entry.items():
        if not isinstance(value, str):
            raise CatalogError(f"{where}: {key} is {value!r}; a string in quotes was expected")
        if key in _REQUIRED and not value.strip():
            raise CatalogError(f"{where}: {key} is empty; fill it in")
    if entry["kind"] not in FETCHERS:
        raise CatalogError(f"{where}: found the kind {entry['kind']!r}; known kinds are {_listed(FETCHERS)}")
    if entry.get("tier", "unknown") not in TIERS:
        raise CatalogError(f"{where}: found the tier {entry['tier']!r}; known tiers are {_listed(TIERS)}")
    return Source(**{**entry, "location": str(path.parent / entry["location"])})


def _listed(names: Any) -> str:
    return ", ".join(str(name) for name in names)
