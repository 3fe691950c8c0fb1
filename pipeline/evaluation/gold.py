"""Annotated passages as `NAME.json` files: what must be found and what may be."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LinkKey = tuple[str, str, str, bool]
TripleKey = tuple[str, str, str]
TABLE = Path(__file__).parent / "earlier-ids.tsv"


class GoldError(ValueError):
    """A gold file cannot be read; the message names it and what was expected."""


@dataclass(frozen=True)
class GoldPassage:
    """Links are (subject, object, effect, negated), triples (myokine, mechanism, outcome)."""

    name: str
    links: dict[LinkKey, bool]
    optional_links: frozenset[LinkKey]
    triples: frozenset[TripleKey]
    optional_triples: frozenset[TripleKey]


def load_gold(folder: Path) -> list[GoldPassage]:
    """Every passage of `folder`, by name. Raises GoldError where there is none or one is not as expected."""
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise GoldError(f"{folder} holds no .json file: give the folder with one annotated file a passage")
    return [_passage(path) for path in paths]


def earlier_ids() -> dict[str, str]:
    """Concepts that came later → the concept that older annotations have for them."""
    with TABLE.open(newline="", encoding="utf-8") as handle:
        return {row["concept"]: row["earlier"] for row in csv.DictReader(handle, delimiter="\t")}


def read_kinds(path: Path) -> dict[str, str]:
    """Passage → kind of source, from a TSV with the columns id and kind. Raises GoldError for other columns."""
    with path.open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle, delimiter="\t")
        if not {"id", "kind"} <= set(reader.fieldnames or ()):
            raise GoldError(f"{path}: found the columns {reader.fieldnames}, expected id and kind")
        return {row["id"]: row["kind"] for row in reader}


def annotated_concepts(gold: Path) -> dict[str, str] | None:
    """Slug → role of the concepts that annotators could choose from, where `gold-concepts.tsv` lies beside."""
    table = gold.parent / "gold-concepts.tsv"
    if not table.is_file():
        return None
    with table.open(newline="", encoding="utf-8") as handle:
        return {row["slug"]: row["role"] for row in csv.DictReader(handle, delimiter="\t")}


def _passage(path: Path) -> GoldPassage:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return GoldPassage(
            name=path.stem,
            links={_link(link): bool(link["hedged"]) for link in data["links"]},
            optional_links=frozenset(_link(link) for link in data.get("optional", [])),
            triples=frozenset(_triple(triple) for triple in data["triples"]),
            optional_triples=frozenset(_triple(triple) for triple in data.get("optional_triples", [])),
        )
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise GoldError(
            f"{path}: not an annotated passage ({error!r}); expected JSON with links and triples"
        ) from error


def _link(link: dict[str, Any]) -> LinkKey:
    return link["subject"], link["object"], link["effect"], bool(link["negated"])


def _triple(triple: dict[str, Any]) -> TripleKey:
    return triple["myokine"], triple["mechanism"], triple["outcome"]
