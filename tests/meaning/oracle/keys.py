"""Keys of details: an order number repeats once for each line of its order, and the lines of an order differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from tests.meaning.oracle.judgement import Judgement, judgement
from tests.meaning.oracle.names import ends_with
from tests.meaning.oracle.reading import Column, Table

KIND = "keys"
_LINES = (
    "line", "line number", "line no", "line num", "linenumber", "line nbr", "line id", "line item", "line item number",
    "item number", "item no", "seq", "sequence", "seq no", "sequence number", "position", "item seq", "line seq",
    "line item id", "order line", "item seq no",
)  # fmt: skip
_HEADERS = frozenset(
    "order ticket invoice receipt basket cart claim transaction purchase shipment po sale bill".split()
)
_MAX_LINES = 100
_ENOUGH_ROWS = 50


def judge(tables: Iterable[Table]) -> Iterator[Judgement]:
    """Judge the keys of headers and lines, or of headers and items."""
    for table in tables:
        for names in table.keys:
            if len(names) == 2 and len(table.columns[0].values) >= _ENOUGH_ROWS:
                yield from _judge_key(table, [table.named(name) for name in names])


def _judge_key(table: Table, key: list[Column]) -> Iterator[Judgement]:
    lines = [column for column in key if ends_with(column.words, *_LINES) and column.family == "integer"]
    others = [column for column in key if column not in lines]
    headers = [column for column in others if _HEADERS.intersection(column.words)]
    if len(lines) == 1 and not {"version", "history", "hist"}.intersection(table.words):
        yield _judge_lines(table, others[0], lines[0])
    elif len(headers) == 1 and not lines and not any(column.is_temporal for column in key) and not _is_return(table):
        yield _judge_items(table, headers[0], next(column for column in key if column is not headers[0]))


def _is_return(table: Table) -> bool:
    """Whether a table holds what comes back: most orders then have one line or none."""
    return bool({"return", "returns", "refund", "refunds"}.intersection(table.words))


def _groups(header: Column, other: Column) -> list[list[Any]]:
    """Return the other column's values of each header but the last one, which the first rows may not hold whole."""
    groups: dict[Any, list[Any]] = defaultdict(list)
    for parent, value in zip(header.values, other.values, strict=True):
        groups[parent].append(value)
    return list(groups.values())[:-1] or list(groups.values())


def _judge_lines(table: Table, header: Column, line: Column) -> Judgement:
    groups = _groups(header, line)
    is_counted = sum(sorted(group) == list(range(min(group), min(group) + len(group))) for group in groups)
    starts = {min(group) for group in groups}
    is_right = _is_repeating(groups) and is_counted == len(groups) and starts <= {0, 1}
    rows = list(zip(header.values, line.values, strict=True))
    return judgement(KIND, table, [header, line], is_right, rows, f"lines 1..n of each {header.name}")


def _judge_items(table: Table, header: Column, item: Column) -> Judgement:
    groups = _groups(header, item)
    is_right = _is_repeating(groups) and all(len(set(group)) == len(group) for group in groups)
    rows = list(zip(header.values, item.values, strict=True))
    return judgement(KIND, table, [header, item], is_right, rows, f"1..n distinct {item.name} of each {header.name}")


def _is_repeating(groups: list[list[Any]]) -> bool:
    """Whether headers have more than one line on average, and none has more than an order would."""
    sizes = [len(group) for group in groups]
    return sum(sizes) / len(sizes) >= 1.2 and max(sizes) <= _MAX_LINES
