"""Database names in front of tables: in an experiment `prod.sales.orders` is the table `sales.orders`.

The name is replaced with blanks rather than removed, so that positions in error messages match the user's text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.schema.models import ExperimentSchema
from engine.sql.importing.tokens import Token, TokenKind, tokenize

_NAMES = frozenset({TokenKind.WORD, TokenKind.QUOTED})
_DATABASE_NAME = re.compile(r"[\w\"]\s*\.\s*[\w\"]+\s*\.\s*[\w\"]")


def blank_databases(sql: str, schema: ExperimentSchema) -> str:
    """Return DuckDB SQL with blanks for the database in front of the experiment's `schema.table` names."""
    if _DATABASE_NAME.search(sql) is None:
        return sql
    known = {(table.schema_name.casefold(), table.name.casefold()) for table in schema.tables if table.schema_name}
    tokens = tokenize(sql, "duckdb")
    for index in range(len(tokens) - 4):
        if _is_full_name(tokens[index : index + 5], known) and not (index and tokens[index - 1].is_symbol(".")):
            start, end = tokens[index].start, tokens[index + 2].start
            sql = sql[:start] + " " * (end - start) + sql[end:]
    return sql


def _is_full_name(tokens: Sequence[Token], known: set[tuple[str, str]]) -> bool:
    database, first_dot, schema, second_dot, table = tokens
    if not (first_dot.is_symbol(".") and second_dot.is_symbol(".") and database.kind in _NAMES):
        return False
    return schema.kind in _NAMES and (schema.value.casefold(), table.value.casefold()) in known
