"""Solving: values for the cells of a flattened query, by running its conditions over candidates.

Tables whose rows are fixed choose among these first (`fixed_rows.py`). What remains falls into components without
common cells; for each, candidates (`pools.py`) are put into a table, and the conditions, translated as any query is,
pick a row of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

import polars as pl
from sqlglot import exp

from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.scenario_checks import rules_that_make
from engine.workload.witnesses.classes import Cell, Classes, components
from engine.workload.witnesses.facts import Facts
from engine.workload.witnesses.fixed_rows import FixedRows
from engine.workload.witnesses.flattening import Flat
from engine.workload.witnesses.made_columns import inputs_of
from engine.workload.witnesses.pools import Pools
from engine.workload.witnesses.records import NoWitnessError
from engine.workload.witnesses.solution import Solution
from engine.workload.witnesses.substitution import FREE, PREFIX

_TRIED = 20_000
_MOST_PRODUCT = 40_000
_RANK = ColumnSchema(name="rank", data_type="INTEGER")


class Solver:
    """Solves one flattened query; tables of up to `small` rows are fixed."""

    def __init__(self, facts: Facts, flat: Flat, dialect: str, random: Random, *, small: int, is_first: bool) -> None:
        self._facts = facts
        self._dialect = dialect
        self._random = random
        self._is_first = is_first
        self._classes = Classes(facts, flat)
        self._solution = Solution(self._classes)
        self._fixed_rows = FixedRows(facts, self._solution, dialect, random, small=small, is_first=is_first)
        self._pools = Pools(facts, self._classes, random)
        self._extremes = {self._classes.of((table, name)): kind for table, name, kind in flat.extremes}

    def solve(self) -> Solution:
        """Return the values; raises `NoWitnessError`."""
        self._solve_rest(self._fixed_rows.choose())
        return self._solution

    def _solve_rest(self, rest: Sequence[exp.Expr]) -> None:
        members = self._classes.members()
        conditions: list[exp.Expr] = []
        for each in rest:
            known = self._with_known(each)
            cells = self._open_cells(known)
            if cells and not any(self._is_made_by_place(members.get(cell, [cell])) for cell in cells):
                conditions.append(known)
            elif not cells:
                self._check_known(known)
        wanted = [set(self._open_cells(each)) for each in conditions]
        alone = [
            {cell} for cell in self._extremes
            if cell not in self._solution.values and not self._is_made_by_place(members.get(cell, [cell]))
        ]  # fmt: skip
        marks = [*wanted, *alone]
        for numbers in components(marks):
            cells = sorted({cell for number in numbers for cell in marks[number]})
            self._solve_component(cells, [conditions[number] for number in numbers if number < len(conditions)])

    def _with_known(self, condition: exp.Expr) -> exp.Expr:
        def replaced(node: exp.Expr) -> exp.Expr:
            if isinstance(node, exp.Column):
                cell = self._classes.of((node.table, node.name))
                if cell in self._solution.values:
                    return _literal(self._solution.values[cell])
            return node

        return condition.transform(replaced)

    def _open_cells(self, condition: exp.Expr) -> list[Cell]:
        found = [self._classes.of((column.table, column.name)) for column in condition.find_all(exp.Column)]
        return list(dict.fromkeys(found))

    def _is_made_by_place(self, cells: Sequence[Cell]) -> bool:
        """Return whether a class has a key whose value is known only when its row is placed."""
        return any(cell[0] != FREE and cell[1] in self._classes.table(int(cell[0][1:])).unique for cell in cells)

    def _check_known(self, condition: exp.Expr) -> None:
        sql = self._facts.translated(f"SELECT 1 AS chosen WHERE {condition.sql(self._dialect)}", self._dialect)
        if not self._facts.database(self._dialect, set()).tuples(sql):
            raise NoWitnessError(f"{condition.sql(self._dialect)[:160]} is not true.")

    def _solve_component(self, cells: Sequence[Cell], conditions: Sequence[exp.Expr]) -> None:
        members = self._classes.members()
        variables: list[tuple[Cell, ColumnSchema]] = []
        pools: list[list[Any]] = []
        whole: dict[int, list[str]] = {}
        for cell in cells:
            occurrence, name, column = self._holder(members.get(cell, [cell]))
            if occurrence is not None and name is not None and self._is_made(occurrence, name):
                whole.setdefault(occurrence, []).append(name)
        drawn = {occurrence: self._rows_of(occurrence, names) for occurrence, names in whole.items()}
        placed = {
            self._classes.of((f"{PREFIX}{occurrence}", name)): (occurrence, name)
            for occurrence, (names, _) in drawn.items()
            for name in names
        }
        for cell in cells:
            if cell in placed:
                continue
            mates = members.get(cell, [cell])
            _, _, column = self._holder(mates)
            variables.append((cell, column))
            pools.append(self._pools.of(mates, [each for each in conditions if _has(each, cell, self._classes)]))
        if any(not pool for pool in pools):
            place = next(cell for (cell, _), pool in zip(variables, pools, strict=True) if not pool)
            raise NoWitnessError("It has no value that its column allows.", self._place(members.get(place, [place])))
        rows = self._combinations(pools, [len(each) for _, each in drawn.values()])
        columns: dict[str, pl.Series] = {}
        schema: list[ColumnSchema] = []
        names: dict[Cell, str] = {}
        for number, (cell, column) in enumerate(variables):
            names[cell] = f"v{number}"
            columns[f"v{number}"] = pl.Series([pools[number][row[number]] for row in rows], dtype=column.type.polars)
            schema.append(column.model_copy(update={"name": f"v{number}"}))
        for position, (occurrence, (inputs, found)) in enumerate(drawn.items(), len(variables)):
            index = pl.Series([row[position] for row in rows], dtype=pl.UInt32)
            for name in inputs:
                column = self._classes.table(occurrence).columns[name]
                cell = self._classes.of((f"{PREFIX}{occurrence}", name))
                if cell in names:
                    continue
                names[cell] = f"m{occurrence}_{name}"
                columns[names[cell]] = found[column.name].gather(index)
                schema.append(column.model_copy(update={"name": names[cell]}))
        found_row = self._pick(pl.DataFrame(columns), schema, names, conditions)
        for cell, name in names.items():
            self._solution.values[cell] = found_row[name]
        for occurrence, (inputs, _) in drawn.items():
            self._solution.whole[occurrence] = {
                name: self._solution.values[self._classes.of((f"{PREFIX}{occurrence}", name))] for name in inputs
            }

    def _pick(
        self, rows: pl.DataFrame, schema: Sequence[ColumnSchema], names: dict[Cell, str], conditions: Sequence[exp.Expr]
    ) -> dict[str, Any]:
        def renamed(node: exp.Expr) -> exp.Expr:
            if isinstance(node, exp.Column):
                return exp.column(names[self._classes.of((node.table, node.name))])
            return node

        tested = " AND ".join(f"({each.transform(renamed).sql(self._dialect)})" for each in conditions) or "1 = 1"
        shape = [ColumnSchema(name=each.name, data_type=each.data_type) for each in schema]
        shape.append(ColumnSchema(name="tried", data_type="BIGINT"))
        table = TableSchema(name="candidate_rows", columns=shape)
        sql = self._facts.translated(
            f"SELECT tried FROM candidate_rows WHERE {tested}", self._dialect, _only(self._facts.schema, table)
        )
        database = self._facts.database(self._dialect, set())
        tried = rows.with_columns(pl.int_range(rows.height, dtype=pl.Int64).alias("tried"))
        types = {each.name: each.type.duckdb for each in shape}
        database.put("candidate_rows", types, tried.select(list(types)))
        order = [
            f"{names[cell]} {'desc' if kind == 'high' else 'asc'} nulls last"
            for cell, kind in self._extremes.items() if cell in names
        ]  # fmt: skip
        ordered = ", ".join([*order, "tried"])
        sql = f"SELECT c.* FROM candidate_rows c WHERE c.tried IN (FROM ({sql})) ORDER BY {ordered} LIMIT 1"
        found = database.rows(sql)
        if not found:
            shown = " and ".join(each.sql(self._dialect) for each in conditions)[:200]
            place = self._place(self._classes.members().get(next(iter(names)), [])) if len(names) == 1 else None
            raise NoWitnessError(f"No values were found for {shown}.", place)
        return found[0]

    def _combinations(self, pools: Sequence[Sequence[Any]], drawn: Sequence[int]) -> list[tuple[int, ...]]:
        sizes = [*map(len, pools), *drawn]
        number = 1
        for size in sizes:
            number *= size
        if number <= _MOST_PRODUCT:
            found = list(product(*map(range, sizes)))
            if not self._is_first:
                self._random.shuffle(found)
            return found
        return [tuple(self._random.randrange(size) for size in sizes) for _ in range(_TRIED)]

    def _holder(self, cells: Sequence[Cell]) -> tuple[int | None, str | None, ColumnSchema]:
        """Return the cell of a class that decides what it can be: one that is made from others, if there is one."""
        own = [cell for cell in cells if cell[0] != FREE]
        if not own:
            return None, None, _RANK
        made = [cell for cell in own if self._is_made(int(cell[0][1:]), cell[1])]
        table, name = (made or own)[0]
        return int(table[1:]), name, self._classes.table(int(table[1:])).columns[name]

    def _is_made(self, occurrence: int, name: str) -> bool:
        table = self._classes.table(occurrence)
        return bool(rules_that_make(table.schema, table.columns[name]))

    def _rows_of(self, occurrence: int, names: Sequence[str]) -> tuple[list[str], pl.DataFrame]:
        """Return the columns that made ones are made from, with these, and rows as the rules make them."""
        table = self._classes.table(occurrence)
        inputs = list(dict.fromkeys(each for name in names for each in (name, *inputs_of(table, name))))
        frame = self._facts.frame(table.number)
        if frame.is_empty():
            raise NoWitnessError("The table cannot be made.", table.schema.key)
        return inputs, frame

    def _place(self, cells: Sequence[Cell]) -> str | None:
        own = [cell for cell in cells if cell[0] != FREE]
        if not own:
            return None
        table = self._classes.table(int(own[0][0][1:]))
        return f"{table.schema.key}.{table.columns[own[0][1]].name}"


def _has(condition: exp.Expr, cell: Cell, classes: Classes) -> bool:
    return any(classes.of((column.table, column.name)) == cell for column in condition.find_all(exp.Column))


def _only(schema: ExperimentSchema, table: TableSchema) -> ExperimentSchema:
    return ExperimentSchema(name=schema.name, tables=[table])


def _literal(value: Any) -> exp.Expr:
    """Return a value as a literal."""
    match value:
        case None:
            return exp.Null()
        case bool():
            return exp.Boolean(this=value)
        case int() | float() | Decimal():
            number = exp.Literal.number(str(abs(value)))
            return exp.Paren(this=exp.Neg(this=number)) if value < 0 else number
        case datetime():
            return exp.cast(exp.Literal.string(value.replace(tzinfo=None).isoformat(sep=" ")), "timestamp")
        case date():
            return exp.cast(exp.Literal.string(value.isoformat()), "date")
        case time():
            return exp.cast(exp.Literal.string(value.isoformat()), "time")
    return exp.Literal.string(str(value))
