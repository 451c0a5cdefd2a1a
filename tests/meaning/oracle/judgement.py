"""What the oracle says of a column or of columns that belong together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.meaning.oracle.reading import Column, Table


@dataclass(frozen=True)
class Judgement:
    """Whether columns of a table hold what their names say; `sample` shows up to three values, wrong ones first."""

    kind: str
    table: str
    columns: tuple[str, ...]
    is_right: bool
    sample: tuple[str, ...]
    why: str


def judge_values(
    kind: str, table: Table, column: Column, is_right: Callable[[Any], bool], why: str, *, share: float = 1.0
) -> Iterator[Judgement]:
    """Judge a column value by value: right when at least `share` of the values are; no judgement without a value."""
    rows = [(value,) for value in column.present]
    yield from judge_rows(kind, table, [column], rows, lambda row: is_right(row[0]), why, share=share)


def judge_rows(
    kind: str,
    table: Table,
    columns: Sequence[Column],
    rows: Sequence[tuple[Any, ...]],
    is_right: Callable[[tuple[Any, ...]], bool],
    why: str,
    *,
    share: float = 1.0,
) -> Iterator[Judgement]:
    """Judge columns row by row: right when at least `share` of the rows are; no judgement without a row."""
    if not rows:
        return
    wrong = [row for row in rows if not is_right(row)]
    yield judgement(kind, table, columns, len(wrong) <= (1 - share) * len(rows) + 1e-9, wrong or rows, why)


def judgement(
    kind: str, table: Table, columns: Sequence[Column], is_right: bool, rows: Sequence[tuple[Any, ...]], why: str
) -> Judgement:
    """Return a judgement that shows the first three rows."""
    sample = tuple(" | ".join(str(value) for value in row) for row in rows[:3])
    return Judgement(kind, table.name, tuple(column.name for column in columns), is_right, sample, why)
