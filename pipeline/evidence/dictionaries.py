"""Rows of a query as dictionaries."""

from typing import Any, TypeAlias

import duckdb

Row: TypeAlias = dict[str, Any]


def dictionaries(connection: duckdb.DuckDBPyConnection, query: str, parameters: object) -> list[Row]:
    """Every row of `query` by column name."""
    result = connection.execute(query, parameters)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
