"""A schema under review, before anything is saved: each column as an editable line, with sample values.

Input is kept as typed, also when it is invalid: `problems` lists what to fix, and no input is lost.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.display.wording import counted
from engine.errors import Problem, SchemaError
from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.review.keys import find_affected_tables, is_unique, key_facts, key_warnings, set_primary_key
from engine.review.lines import Line, add_implied_changes, apply_changes, apply_line, build_line, rule_labels
from engine.rules.rule_checks import check_rules
from engine.schema.diagram import er_diagram
from engine.schema.files import read_schema, schema_to_json
from engine.schema.models import ExperimentSchema
from engine.sql.ddl_export import export_ddl

if TYPE_CHECKING:
    import polars as pl

_SOURCE = "The reviewed schema"
_Column = tuple[str, str]


class Review:
    """A schema that is being changed; returned by `Workbench.review`, saved by `Workbench.create(edited())`."""

    def __init__(self, schema: ExperimentSchema) -> None:
        """Start with a schema whose structure and rules have been checked."""
        self._schema = schema
        self._changes: dict[_Column, Line] = {}
        self._rows: dict[str, int | None] = {}
        self._given: dict[str, list[Line]] = {}
        self._outcome: ExperimentSchema | SchemaError | None = schema

    @property
    def name(self) -> str:
        """The name of the new experiment."""
        return self._schema.name

    @property
    def tables(self) -> list[str]:
        """The keys of the tables."""
        return [table.key for table in self._schema.tables]

    @property
    def rules(self) -> dict[str, str]:
        """The label of each rule that a line can have, by the text of its cell."""
        return rule_labels()

    def lines(self, table: str) -> list[Line]:
        """Return the columns of a table, with their changes."""
        key = self._schema.table(table).key
        return [apply_changes(line, self._changes.get((key, line["column"]), {})) for line in self._original_lines(key)]

    def change(self, table: str, column: str, changes: Mapping[str, Any]) -> None:
        """Change cells of a column's line; setting a cell to its original value undoes the change."""
        found = self._schema.table(table)
        place = found.key, found.column(column).name
        given = self._original_line(*place)
        assert given is not None
        changes = {
            cell: type(given[cell])() if value is None and cell != "nulls" else value for cell, value in changes.items()
        }
        now = apply_changes(given, self._changes.get(place, {}))
        kept = self._changes.get(place, {}) | add_implied_changes(now, changes)
        self._changes[place] = {key: value for key, value in kept.items() if given[key] != value}
        self._outcome = None

    def rows(self, table: str) -> int | None:
        """Return the row count of a table; None when it is not set."""
        found = self._schema.table(table)
        return self._rows.get(found.key, found.target_rows)

    def set_rows(self, table: str, rows: int | None) -> None:
        """Set the row count of a table."""
        self._rows[self._schema.table(table).key] = rows
        self._outcome = None

    def rows_because(self, table: str) -> str:
        """Return why a table has its row count; empty when nothing suggested it, or when it has been changed."""
        found = self._schema.table(table)
        if self.rows(table) is None and found.rows and not found.because:
            return f"Just its {counted(len(found.rows), 'given row')}."
        return (found.because or "") if self.rows(table) == found.target_rows else ""

    def planned_rows(self) -> dict[str, int]:
        """Return the number of rows of each table in a run; of the original schema while there are problems."""
        return row_counts(self._valid_schema(), None)

    def referable(self) -> list[str]:
        """Return the columns that a foreign key can reference, as `table.column`: unique and NOT NULL."""
        found = []
        for table in self.tables:
            lines = self.lines(table)
            found += [f"{table}.{line['column']}" for line in lines if is_unique(line, lines) and line["nulls"] is None]
        return found

    @property
    def changes(self) -> int:
        """The number of changed columns and changed row counts."""
        rows = [table for table, rows in self._rows.items() if rows != self._schema.table(table).target_rows]
        return sum(map(bool, self._changes.values())) + len(rows)

    def discard(self) -> None:
        """Undo all changes."""
        self._changes.clear()
        self._rows.clear()
        self._outcome = self._schema

    def adopt(self, other: Review) -> None:
        """Copy the changes of another review, for columns and row counts that are the same in both schemas."""
        for (table, column), changes in other._changes.items():
            if self._original_line(table, column) == other._original_line(table, column):
                self._changes[table, column] = dict(changes)
        mine, theirs = ({table.key: table.target_rows for table in each._schema.tables} for each in (self, other))
        self._rows |= {table: rows for table, rows in other._rows.items() if mine.get(table, "") == theirs[table]}
        self._outcome = None

    def edited(self) -> ExperimentSchema:
        """Return the schema with all changes; raises `SchemaError` with every problem."""
        if self._outcome is None:
            self._outcome = self._read()
        if isinstance(self._outcome, SchemaError):
            raise self._outcome
        return self._outcome

    def problems(self) -> tuple[Problem, ...]:
        """Return the problems of the changed schema."""
        try:
            self.edited()
        except SchemaError as error:
            return error.problems
        return ()

    def problem_counts(self) -> dict[str, int]:
        """Return the number of problems by table; tables without problems are omitted."""
        tables = sorted(self.tables, key=len, reverse=True)
        places = [f"{problem.where}." for problem in self.problems()]
        return Counter(next((key for key in tables if place.startswith(f"{key}.")), "") for place in places)

    def warnings(self, table: str | None = None) -> list[str]:
        """Return the warnings of the schema, or of one table."""
        schema = self._valid_schema()
        shown = schema.tables if table is None else [schema.table(table)]
        return [warning for each in shown for warning in (*each.warnings, *key_warnings(each))]

    def key_facts(self, table: str) -> list[str]:
        """Return descriptions of the keys of several columns, which the lines of a table do not show."""
        return key_facts(self._valid_schema().table(table))

    def checks(self, table: str) -> list[str]:
        """Return the conditions that every row of a table meets, as SQL in the dialect of the schema."""
        return list(self._schema.table(table).checks)

    def reasons(self, table: str) -> dict[str, str]:
        """Return why each column has its rule or key: the reason of a suggestion, or the CHECKs that it keeps."""
        return {line["column"]: line["because"] for line in self.lines(table) if line["because"]}

    def given_count(self, table: str) -> int:
        """Return how many rows of a table are given, not generated."""
        return len(self._schema.table(table).rows)

    def given_rows(self, table: str, limit: int = 100) -> pl.DataFrame:
        """Return the first given rows of a table, at most `limit`; rules fill the columns that a row leaves out."""
        schema = self._valid_schema()
        found = schema.table(table)
        counts = row_counts(schema, None, 0)
        rows = min(len(found.rows), limit, counts[found.key])
        return preview(schema, found, rows=rows, offset=0, seed=0, counts=counts)

    def samples(self, table: str, rows: int = 5) -> dict[str, list[str | None]]:
        """Return sample values by column, as text; raises what a preview raises.

        Columns with a problem have no samples; no column has any when the schema is invalid without them as well.
        """
        faulty = self._columns_with_problems()
        schema = self._read(without=faulty) if self.problems() else self.edited()
        if isinstance(schema, SchemaError):
            return {}
        found = schema.table(table)
        counts = row_counts(schema, None, 0)
        rows = min(rows, counts[found.key] or rows)
        frame = preview(schema, found, rows=rows, offset=0, seed=0, counts=counts)
        return {
            column.name: [None if value is None else str(value) for value in frame[column.name]]
            for column in found.columns
            if (found.key, column.name) not in faulty
        }

    def diagram(self, around: str | None = None) -> str:
        """Return the tables and keys as a Mermaid diagram: all tables, or one table and its neighbours."""
        return er_diagram(self.edited(), around=around)

    def to_json(self) -> str:
        """Return the reviewed schema as the JSON text of a schema file."""
        return schema_to_json(self.edited())

    def to_ddl(self, dialect: str) -> str:
        """Return the reviewed schema as a CREATE TABLE script."""
        return export_ddl(self.edited(), dialect)

    def _original_line(self, table: str, column: str) -> Line | None:
        lines = self._original_lines(table) if table in self.tables else []
        return next((line for line in lines if line["column"] == column), None)

    def _valid_schema(self) -> ExperimentSchema:
        """Return the schema with all changes; the original schema while there are problems."""
        return self._schema if self.problems() else self.edited()

    def _original_lines(self, key: str) -> list[Line]:
        if key not in self._given:
            table = self._schema.table(key)
            self._given[key] = [build_line(self._schema, table, column) for column in table.columns]
        return self._given[key]

    def _columns_with_problems(self) -> set[_Column]:
        """Return the changed columns that a problem names."""
        places = [f"{problem.where}." for problem in self.problems()]
        return {
            (table, column)
            for table, column in self._changes
            if any(place.startswith(f"{table}.{column}.") for place in places)
        }

    def _read(self, without: Collection[_Column] = ()) -> ExperimentSchema | SchemaError:
        """Return the schema with its changes, except those of the columns `without`, or its problems."""
        data = json.loads(schema_to_json(self._schema))
        problems: list[Problem] = []
        touched = set(self._rows)
        for table, entry in zip(self._schema.tables, data["tables"], strict=True):
            if table.key in self._rows:
                if self._rows[table.key] != table.target_rows:
                    entry.pop("because", None)
                entry["target_rows"] = self._rows[table.key]
            lines = self.lines(table.key)
            for column, described, line in zip(table.columns, entry["columns"], lines, strict=True):
                changes = self._changes.get((table.key, column.name))
                if not changes or (table.key, column.name) in without:
                    continue
                touched.add(table.key)
                where = f"{table.key}.{column.name}"
                problems += apply_line(described, column, line, frozenset(changes), where)
            set_primary_key(entry, table, [line["column"] for line in lines if line["key"]])
        reached = find_affected_tables(self._schema, touched)
        unreached = [table for table in self._schema.tables if table.key not in reached]
        skipped = {f"{table.key}.{column.name}" for table in unreached for column in table.columns}
        try:
            schema = read_schema(data, also=partial(_check, skipped=skipped))
        except SchemaError as error:
            problems += error.problems
        return SchemaError(list(dict.fromkeys(problems)), source=_SOURCE) if problems else schema


def _check(schema: ExperimentSchema, faulty: Collection[str], *, skipped: Collection[str]) -> list[Problem]:
    """Check the rules of all columns except `skipped`, which no change can have affected."""
    return check_rules(schema, {*faulty, *skipped})
