"""The order in which the columns of a table are compiled: what others read comes before them.

Each column is then compiled from columns that are ready: a chain of hundreds of columns needs no deep recursion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.schema.conditional import deciding_paths
from engine.schema.models import ColumnSchema

_NAME = re.compile(r'"[^"]+"|\w+')


def in_reading_order(columns: Sequence[ColumnSchema]) -> list[ColumnSchema]:
    """Return the columns of one table, each after those that it reads; a cycle is in the order of the table."""
    by_name = {column.name.casefold(): column for column in columns}
    ordered: dict[str, ColumnSchema] = {}
    entered: set[str] = set()
    for name in by_name:
        path = [(name, _read_names(by_name[name], by_name))]
        while path:
            current, further = path[-1]
            entered.add(current)
            unread = next((each for each in further if each not in entered), None)
            if unread is not None:
                path.append((unread, _read_names(by_name[unread], by_name)))
            else:
                ordered.setdefault(current, by_name[current])
                path.pop()
    return list(ordered.values())


def _read_names(column: ColumnSchema, known: dict[str, ColumnSchema]) -> Iterator[str]:
    """Yield the columns whose names stand in the column's texts, which may be more than it reads."""
    texts = (
        column.expression, column.template, column.null_when, column.locale_by and column.locale_by.column,
        *deciding_paths(column),
    )  # fmt: skip
    for text in texts:
        for name in _NAME.findall(text or ""):
            folded = name.strip('"').casefold()
            if folded in known:
                yield folded
