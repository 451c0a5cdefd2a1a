"""Columns that an expression makes from others of their row: a witness sets these, and the expression follows."""

from __future__ import annotations

import re
from collections.abc import Collection

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from engine.sql.sqlglot_parser import silent_sqlglot
from engine.workload.witnesses.facts import TableFacts

_MOST_STEPS = 30
_DRAWN = re.compile(r"\b(random|uniform|normal|zipf|randstr)\s*\(", re.IGNORECASE)


def inputs_of(table: TableFacts, name: str) -> tuple[str, ...]:
    """Return the columns of the row that a column is made from, also through others; empty if it is not made so."""
    found: dict[str, None] = {}
    waiting = [name]
    for _ in range(_MOST_STEPS):
        if not waiting:
            break
        column = table.columns.get(waiting.pop())
        text = None if column is None else column.expression
        if text is None:
            continue
        for each in columns_of(text):
            if each in table.columns and each not in found and each != name:
                found[each] = None
                waiting.append(each)
    return tuple(found)


def makes_all(table: TableFacts, names: Collection[str]) -> bool:
    """Return whether expressions alone make these columns, beside unique ones: no value can be set for them."""
    made = [name for name in names if name not in table.unique]
    return bool(made) and all(
        table.columns[name].expression is not None and not inputs_of(table, name) for name in made
    )


def draws_by_row(table: TableFacts, name: str) -> bool:
    """Return whether something is drawn in each row for a column that an expression makes, or for what it uses."""
    used = (table.columns.get(each) for each in (name, *inputs_of(table, name)))
    return any(column is not None and _DRAWN.search(column.expression or "") is not None for column in used)


def columns_of(expression: str) -> list[str]:
    """Return the columns that an expression reads, in lower case; none if it is not understood."""
    try:
        with silent_sqlglot():
            tree = sqlglot.parse_one(expression, read="snowflake")
    except (SqlglotError, RecursionError, ValueError, AttributeError, TypeError):
        return []
    return [(each.parts[0].name or each.name).lower() for each in tree.find_all(exp.Column)]
