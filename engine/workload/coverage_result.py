"""The coverage of a workload: what each statement found on the loaded data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args

import polars as pl

from engine.display.html_tables import html_table
from engine.display.wording import counted, duration, percent
from engine.workload.records import CoverageState, StatementCoverage

_COLUMNS = {
    "statement": pl.String,
    "line": pl.Int64,
    "state": pl.String,
    "rows": pl.Int64,
    "is_cut": pl.Boolean,
    "share": pl.Float64,
    "largest_table": pl.String,
    "seconds": pl.Float64,
    "reason": pl.String,
}


@dataclass(frozen=True)
class Coverage:
    """What the statements of a workload found: `.statements`, `.counts`, and `.frame` with a row for each."""

    experiment: str
    run_id: int | None
    statements: tuple[StatementCoverage, ...]

    @property
    def counts(self) -> dict[CoverageState, int]:
        """The number of statements by state, those without any left out."""
        found = Counter(each.state for each in self.statements)
        return {state: found[state] for state in get_args(CoverageState) if found[state]}

    @property
    def found(self) -> int:
        """The number of statements that find rows."""
        return self.counts.get("finds rows", 0)

    def records(self) -> list[dict[str, Any]]:
        """Return a mapping for each statement, with the columns of `frame`."""
        return [record_of(each) for each in self.statements]

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The statements as a frame: state, rows, share of the largest table, seconds, and why one does not run."""
        return pl.DataFrame([list(each.values()) for each in self.records()], schema=_COLUMNS, orient="row")

    def _repr_html_(self) -> str:
        headers = ["statement", "line", "state", "rows", "share", "largest table", "time", "reason"]
        return html_table(str(self), headers, [_shown(each) for each in self.statements])

    def __str__(self) -> str:
        states = ", ".join(f"{number:,} {state}" for state, number in self.counts.items())
        return f"Coverage of {self.experiment}: {counted(len(self.statements), 'statement')} ({states or 'none'})"

    def __repr__(self) -> str:
        return f"Coverage({self.experiment!r}, {self.counts})"


def record_of(each: StatementCoverage) -> dict[str, Any]:
    """Return a statement's coverage as a mapping with the columns of `Coverage.frame`."""
    values = (
        each.statement.name, each.statement.line, each.state, each.rows, each.is_cut, each.share, each.largest_table,
        round(each.seconds, 3), each.reason,
    )  # fmt: skip
    return dict(zip(_COLUMNS, values, strict=True))


def _shown(each: StatementCoverage) -> list[object]:
    share = "" if each.share is None else percent(each.share)
    rows = f"over {each.rows:,}" if each.is_cut else each.rows
    time = duration(each.seconds)
    place = [each.statement.name, each.statement.line, each.state]
    return [*place, rows, share, each.largest_table or "", time, each.reason or ""]
