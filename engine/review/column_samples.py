"""Values of one column: only this column is checked and compiled, and what it reads, whatever else the schema has."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from pydantic import ValidationError

from engine.errors import Problem, SchemaError, WorkbenchError
from engine.generation.requested_counts import row_counts
from engine.rules.compiler import TableCompiler
from engine.schema.column_checks import check_column
from engine.schema.conditional_checks import check_conditional
from engine.schema.files import read_schema
from engine.schema.latent_checks import check_latents
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema


@dataclass(frozen=True)
class ColumnTrial:
    """What a column would have: its values, or the problems that keep it from having any."""

    values: pl.Series
    problems: tuple[Problem, ...] = ()

    @property
    def texts(self) -> list[str | None]:
        """The values as text; None is NULL."""
        return [None if value is None else str(value) for value in self.values]


def try_column(schema: ExperimentSchema, table: str, described: Mapping[str, Any], rows: int) -> ColumnTrial:
    """Return the first values of a column described in JSON, in a schema whose other columns have no problems."""
    found = schema.table(table)
    where = f"{found.key}.{described['name']}"
    try:
        column = ColumnSchema.model_validate_json(json.dumps(described))
    except ValidationError:
        return ColumnTrial(pl.Series(), _shape_problems(found, described, where))
    changed = with_column(schema, found, column)
    table_now = changed.table(found.key)
    problems = [*check_column(table_now, column, where), *check_conditional(changed, table_now, column, where)]
    problems += [problem for problem in check_latents(changed, table_now) if problem.where == where]
    if problems:
        return ColumnTrial(pl.Series(), tuple(problems))
    try:
        return ColumnTrial(_values(changed, table_now, column, rows))
    except KeyError as error:
        return ColumnTrial(pl.Series(), (Problem(where, f"There is no {error}.", "Choose one that exists."),))
    except pl.exceptions.PolarsError:
        message = f"Some values do not fit {column.type}."
        return ColumnTrial(pl.Series(), (Problem(where, message, "Choose a larger type, or narrower bounds."),))
    except WorkbenchError as error:
        return ColumnTrial(pl.Series(), (Problem(error.where or where, error.message, error.hint),))


def with_column(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> ExperimentSchema:
    """Return the schema with one column of a table replaced."""
    columns = [column if each.name == column.name else each for each in table.columns]
    changed = table.model_copy(update={"columns": columns})
    tables = [changed if each.key == table.key else each for each in schema.tables]
    return schema.model_copy(update={"tables": tables})


def _values(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, rows: int) -> pl.Series:
    counts = row_counts(schema, None, 0)
    compiler = TableCompiler(schema, table, 0, counts, reach=max(rows, counts[table.key]))
    output = compiler.output(column)
    rows = min(rows, counts[table.key] or rows)
    with compiler.failures():
        frame = compiler.frame(0, rows, [output]).collect(engine="streaming")
    return frame.get_column(column.name).cast(column.type.polars)


def _shape_problems(table: TableSchema, described: Mapping[str, Any], where: str) -> tuple[Problem, ...]:
    """Return the problems of a description that is no column, in the words of a schema file."""
    alone = {"name": "schema", "tables": [{"name": "t", "columns": [dict(described)]}]}
    try:
        read_schema(alone)
    except SchemaError as error:
        place = f"t.{described['name']}"
        return tuple(
            Problem(problem.where.replace(place, where, 1), problem.message, problem.hint)
            for problem in error.problems
            if problem.where.startswith(place) and not _reads_others(problem)
        )
    return ()


def _reads_others(problem: Problem) -> bool:
    """Whether the problem is that another table or column is missing, which a description alone always has."""
    return problem.message.startswith("There is no ") or "does not exist" in problem.message


def shown_samples(values: Sequence[str | None], count: int = 3) -> tuple[str, ...]:
    """Return the first different values, without NULLs, at most `count`."""
    return tuple(dict.fromkeys(value for value in values if value is not None))[:count]
