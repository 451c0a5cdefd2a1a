"""The checks of a table in an audit: no row violates the condition.

A condition in a vendor's dialect runs as a translated query, whose functions exist in the session of the audit.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import QueryError
from engine.schema.models import TableSchema
from engine.sql.row_checks import violations_sql
from engine.warehouse.audit.column_checks import Check, counted

_MAX_SHOWN = 200
_WHERE = " where "


def condition_checks(table: TableSchema, dialect: str | None) -> Iterator[Check]:
    """Yield a check for each condition of the table."""
    for condition in table.checks:
        shown = condition if len(condition) <= _MAX_SHOWN else f"{condition[: _MAX_SHOWN - 3]}..."
        try:
            query = violations_sql(table, condition, dialect)
        except QueryError as error:
            query = f"select error('{error.message.replace(chr(39), chr(39) * 2)}')"
        start = query.casefold().find(_WHERE)
        failing = query[start + len(_WHERE) :]
        yield Check("check", table, "", shown, query, lambda found: found == 0, counted, failing, is_query=True)
