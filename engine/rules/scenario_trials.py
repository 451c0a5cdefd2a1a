"""Trials of scenarios before the first row: in the first rows, each placed value is the one that the row gets.

A null_when or null_by of a column, or of a column that it reads, may make it NULL in the rows of a scenario.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from engine.errors import Problem, RuleError
from engine.rules.compiler import TableCompiler
from engine.rules.scenarios.layout import make_layout
from engine.schema.models import ExperimentSchema, TableSchema
from engine.schema.scenario_keys import placed_columns

_TRIED_ROWS = 1000
_NUMBER = "_scenario"


def tried_rows(table: TableSchema, rows: int) -> int:
    """Return the number of first rows to try, at least `rows`: those up to a row of each scenario."""
    if not table.scenarios:
        return rows
    layout = make_layout(table)
    return max(rows, layout.given + layout.size)


def scenario_problems(schema: ExperimentSchema, table: TableSchema, counts: Mapping[str, int]) -> Iterator[Problem]:
    """Yield a problem for each scenario one of whose values is NULL in a row that it should have a value."""
    names = [column.name for column in table.columns if column.is_nullable]
    placed = [placed_columns(schema, table, one) for one in table.scenarios]
    wanted = [name for name in names if any(name.casefold() in one for one in placed)]
    if not wanted:
        return
    compiler = TableCompiler(schema, table, 0, counts)
    try:
        outputs = [compiler.output(table.column(name)) for name in wanted]
        outputs.append(compiler.scenario_number().alias(_NUMBER))
        with compiler.failures():
            tried = min(counts[table.key], tried_rows(table, _TRIED_ROWS))
            frame = compiler.frame(0, tried, outputs).collect(engine="streaming")
    except RuleError as error:
        yield Problem(error.where, error.message, error.hint)
        return
    for number, scenario in enumerate(table.scenarios):
        nulls = {name.casefold() for name, value in scenario.values.items() if value is None}
        rows = frame.filter(pl.col(_NUMBER) == number)
        for name in wanted:
            folded = name.casefold()
            if folded in placed[number] and folded not in nulls and rows[name].null_count():
                yield Problem(
                    f"{table.key}.scenarios.{scenario.name}",
                    f"{name} is NULL in its rows, by the column's null_when or null_by.",
                    "Set the columns that decide, so that the column has a value, or leave it out.",
                )
