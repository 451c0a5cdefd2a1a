"""The checks of a table as queries: the rows that violate a condition, in SQL that DuckDB runs.

A condition is written in the dialect of the schema and translated as a query of it. What the dialect itself does not
know, as in a script of another warehouse, is rewritten by name only.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from engine.errors import QueryError
from engine.schema.models import ExperimentSchema, TableSchema
from engine.schema.types import NUMERIC
from engine.sql.quoting import quote_if_needed
from engine.sql.sqlglot_parser import silent_sqlglot
from engine.sql.translation import translate


def violations_sql(table: TableSchema, check: str, dialect: str | None) -> str:
    """Return the query that counts the rows for which a condition is false; raises `QueryError`."""
    name = quote_if_needed(table.name)
    name = f"{quote_if_needed(table.schema_name)}.{name}" if table.schema_name else name
    head = f"select count(*) from {name} where not "
    schema = ExperimentSchema(name="checked", tables=[table])
    try:
        return translate(f"{head}({check})", dialect or "duckdb", schemas=[schema], current=schema.name).sql
    except QueryError as error:
        tree = _parse(check, dialect)
        if tree is None:
            raise
        if not _is_plain(tree):
            raise error from None
        return f"{head}({tree.sql(dialect='duckdb')})"


def check_fault(table: TableSchema, check: str, dialect: str | None) -> str:
    """Return why a condition cannot be tested on the rows of a table, or an empty string if it can."""
    tree = _parse(check, dialect)
    if tree is None:
        return "it is not a condition in SQL."
    if tree.find(exp.Select) is not None:
        return "it has a query inside."
    if tree.find(exp.AggFunc, exp.Window) is not None:
        return "it reads other rows, by an aggregate or a window."
    known = {column.name.casefold() for column in table.columns}
    for column in tree.find_all(exp.Column):
        if column.name.casefold() not in known:
            return f'{table.key} has no column "{column.name}".'
    for literal in tree.find_all(exp.Literal):
        other = literal.parent.find(exp.Column) if isinstance(literal.parent, exp.Binary | exp.In) else None
        if other is not None and other.parent is literal.parent and literal.is_string:
            compared = table.column(other.name)
            if compared.type.kind in NUMERIC and not _is_number(literal.name):
                return f"{compared.name} is a number, and '{literal.name}' is none."
    try:
        violations_sql(table, check, dialect)
    except QueryError as error:
        return error.message
    return ""


def _is_number(text: str) -> bool:
    try:
        Decimal(text.strip())
    except InvalidOperation:
        return False
    return True


def _parse(check: str, dialect: str | None) -> exp.Expr | None:
    try:
        with silent_sqlglot():
            return sqlglot.parse_one(check, read=dialect or "duckdb", into=exp.Condition)
    except (SqlglotError, RecursionError):
        return None


def _is_plain(tree: exp.Expr) -> bool:
    """Return whether every function of a condition is one that has a name in each dialect."""
    return tree.find(exp.Anonymous) is None
