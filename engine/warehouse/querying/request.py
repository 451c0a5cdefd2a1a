"""A query as the user wrote it, with all that its translation needs; it is translated where it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import QueryError
from engine.schema.models import ExperimentSchema
from engine.sql.importing.database_names import blank_databases
from engine.sql.translation import DIALECTS, Translation, Variables, texts_in, translate

MAX_QUERY_CHARACTERS = 500_000
"""The maximum length of a query."""


@dataclass(frozen=True)
class Question:
    """SQL text in a dialect; `schemas` are the experiments it may name, and `current` needs no prefix.

    `variables` replace `$name` and `:name`; `note` is for the user of the result.
    """

    sql: str
    dialect: str | None = None
    schemas: Sequence[ExperimentSchema] = ()
    current: str | None = None
    variables: Variables | None = None
    note: str = ""

    def __post_init__(self) -> None:
        check_length(self.sql)

    @property
    def is_of_warehouse(self) -> bool:
        """Whether the dialect is that of a warehouse, so that a translation runs."""
        return self.dialect is not None and self.dialect.lower() in DIALECTS and self.dialect.lower() != "duckdb"

    def translation(self) -> Translation:
        """Translate the query to DuckDB SQL; raises `QueryError` for untranslatable SQL."""
        if self.dialect is not None and self.dialect.lower() != "duckdb":
            return translate(
                self.sql, self.dialect, schemas=self.schemas, current=self.current, variables=self.variables
            )
        current = [schema for schema in self.schemas if schema.name == self.current]
        sql = blank_databases(self.sql, current[0]) if current else self.sql
        return translate(sql, None, variables=self.variables)


def words_of(sql: str, variables: Variables | None) -> str:
    """Return the query text and the texts of its variables; both may name an experiment."""
    return f"{sql} {texts_in(variables)}"


def check_length(sql: str) -> None:
    """Raise `QueryError` for a text that is too long."""
    if len(sql) > MAX_QUERY_CHARACTERS:
        raise QueryError(
            f"The query has {len(sql):,} characters; the limit is {MAX_QUERY_CHARACTERS:,}.",
            hint="Put long lists of values into a table and join it.",
        )
