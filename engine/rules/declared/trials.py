"""Trials of a changed table: whether its columns compile, and whether conditions hold in its first rows."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import polars as pl

from engine.errors import RuleError, WorkbenchError
from engine.rules.compiler import TableCompiler
from engine.rules.keys.table_rows import default_counts
from engine.schema.column_checks import check_column
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema

TRIED_ROWS = 2000
_SEED = 0
_CONDITION = "_condition"


class Trial:
    """Tries a table in place of the one of its key in a schema."""

    def __init__(self, schema: ExperimentSchema, table: TableSchema) -> None:
        tables = [table if each.key == table.key else each for each in schema.tables]
        self._schema = schema.model_copy(update={"tables": tables})
        self._table = table
        self._counts = default_counts(self._schema)

    def find_fault(self, name: str) -> WorkbenchError | None:
        """Return why a column cannot be generated, None if it can be."""
        column = self._table.column(name)
        for problem in check_column(self._table, column, f"{self._table.key}.{name}"):
            return RuleError(problem.message, where=problem.where, hint=problem.hint)
        try:
            compiler = self._compiler(self._table)
            self._collect(compiler, [compiler.output(column)])
        except WorkbenchError as error:
            return error
        return None

    def test(self, conditions: Sequence[str]) -> list[bool | None]:
        """Return for each condition whether it holds in the first rows; None for one that does not compile."""
        with suppress(WorkbenchError):
            return [*self._test(conditions)]
        return [self._test_one(condition) for condition in conditions]

    def _test_one(self, condition: str) -> bool | None:
        with suppress(WorkbenchError):
            return self._test([condition])[0]
        return None

    def _test(self, conditions: Sequence[str]) -> list[bool]:
        if not conditions:
            return []
        added = [
            ColumnSchema(name=f"{_CONDITION}{index}", data_type="BOOLEAN", required=False, expression=condition)
            for index, condition in enumerate(conditions)
        ]
        table = self._table.model_copy(update={"columns": [*self._table.columns, *added]})
        compiler = self._compiler(table)
        frame = self._collect(compiler, [compiler.output(column) for column in added])
        return [frame[column.name].all() for column in added]

    def _compiler(self, table: TableSchema) -> TableCompiler:
        return TableCompiler(self._schema, table, _SEED, self._counts)

    def _collect(self, compiler: TableCompiler, outputs: Sequence[pl.Expr]) -> pl.DataFrame:
        rows = min(self._counts[self._table.key], TRIED_ROWS)
        with compiler.failures():
            return compiler.frame(0, rows, outputs).collect(engine="streaming")
