"""What a database shows at a glance: a consensus, a dispute and what explains one, a null result, a copied article."""

from collections.abc import Callable

import duckdb

CONSENSUS = """
    SELECT subject, direction, object, lineages FROM consensus WHERE verdict = 'consensus'
    ORDER BY support DESC, lineages DESC, subject_id, object_id LIMIT 1"""
TRIPLE = """
    SELECT myokine, mechanism, outcome, direction, lineages FROM triple_consensus
    WHERE direction IN ('increases', 'decreases')
    ORDER BY lineages DESC, support DESC, myokine_id, mechanism_id, outcome_id LIMIT 1"""
CONTESTED = """
    SELECT subject, object, increases, decreases, null_results FROM consensus WHERE verdict = 'contested'
    ORDER BY increases > 0 AND decreases > 0 DESC, conflict DESC, support + opposition DESC, subject_id, object_id
    LIMIT 1"""
DEPENDS = """
    SELECT subject, object, increases, decreases, null_results, explained_by FROM consensus
    WHERE verdict = 'context-dependent'
    ORDER BY increases > 0 AND decreases > 0 DESC, support + opposition DESC, subject_id, object_id LIMIT 1"""
NO_EFFECT = """
    SELECT subject, object, null_results FROM consensus WHERE direction = 'none'
    ORDER BY opposition DESC, null_results DESC, subject_id, object_id LIMIT 1"""
COPIED = """
    SELECT list(coalesce(nullif(title, ''), path) ORDER BY source_id, path)[:3] AS titles, count(*) AS articles
    FROM lineage_members WHERE regexp_matches(reasons, 'same words|copy|reproduces')
    GROUP BY lineage_id HAVING count(*) > 1 ORDER BY articles DESC, lineage_id LIMIT 1"""


def highlights(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Pairs of a name and a sentence for people; what the database does not show is left out."""
    found = []
    for name, query, sentence in SENTENCES:
        row = connection.execute(query).fetchone()
        if row is not None:
            found.append((name, sentence(*row)))
    return found


def _consensus(subject: str, direction: str, target: str, lineages: int) -> str:
    return f"{subject} {direction} {target} ({lineages} independent articles)"


def _triple(myokine: str, mechanism: str, outcome: str, direction: str, lineages: int) -> str:
    return f"{myokine}, through {mechanism}, {direction} {outcome} ({_count(lineages, 'independent article')})"


def _contested(subject: str, target: str, increases: int, decreases: int, null_results: int) -> str:
    return f"{subject} on {target}: increases ({increases}), decreases ({decreases}), no effect ({null_results})"


def _depends(subject: str, target: str, increases: int, decreases: int, null_results: int, fields: str) -> str:
    return f"{_contested(subject, target, increases, decreases, null_results)}, explained by {fields}"


def _no_effect(subject: str, target: str, null_results: int) -> str:
    return f"{subject} on {target}: {_count(null_results, 'independent article')} found no effect"


def _copied(titles: list[str], articles: int) -> str:
    more = f" and {articles - len(titles)} more" if articles > len(titles) else ""
    return " = ".join(f"“{title}”" for title in titles) + f"{more}: counted as one"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


SENTENCES: tuple[tuple[str, str, Callable[..., str]], ...] = (
    ("Consensus", CONSENSUS, _consensus),
    ("Triple", TRIPLE, _triple),
    ("Contested", CONTESTED, _contested),
    ("Depends", DEPENDS, _depends),
    ("No effect", NO_EFFECT, _no_effect),
    ("Copied", COPIED, _copied),
)
