"""A schema under review, before anything is saved: each column as a line of texts that may be changed, with samples.

What a person types is kept as typed, also when it is no schema: the problems say what is wrong with it, and nothing
is lost.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from engine.errors import Problem, SchemaError
from engine.generation.preview import preview
from engine.generation.row_counts import row_counts
from engine.review.keys import affected, is_unique, key_facts, key_warnings, set_primary_key
from engine.review.lines import Line, apply_line, changed, line_of, rule_labels, with_consequences
from engine.rules.compiler import check_rules
from engine.schema.diagram import er_diagram
from engine.schema.files import read_schema, schema_to_json
from engine.schema.models import ExperimentSchema
from engine.sql.ddl_export import export_ddl

_SOURCE = "The reviewed schema"
_Place = tuple[str, str]


class Review:
    """A schema whose columns are being changed; made by `Workbench.review`, saved by `Workbench.create(edited())`."""

    def __init__(self, schema: ExperimentSchema) -> None:
        """Begin with a schema that has been checked, rules and all."""
        self._schema = schema
        self._changes: dict[_Place, Line] = {}
        self._rows: dict[str, int | None] = {}
        self._given: dict[str, list[Line]] = {}
        self._outcome: ExperimentSchema | SchemaError | None = schema

    @property
    def name(self) -> str:
        """The name of the experiment to be."""
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
        """Return the columns of a table as they were given or changed."""
        key = self._schema.table(table).key
        return [changed(line, self._changes.get((key, line["column"]), {})) for line in self._lines_given(key)]

    def change(self, table: str, column: str, changes: Mapping[str, Any]) -> None:
        """Change cells of a column's line; what was there comes back when the cell is set to it."""
        found = self._schema.table(table)
        place = found.key, found.column(column).name
        given = self._line_given(*place)
        assert given is not None
        changes = {
            cell: type(given[cell])() if value is None and cell != "nulls" else value for cell, value in changes.items()
        }
        now = changed(given, self._changes.get(place, {}))
        kept = self._changes.get(place, {}) | with_consequences(now, changes)
        self._changes[place] = {key: value for key, value in kept.items() if given[key] != value}
        self._outcome = None

    def rows(self, table: str) -> int | None:
        """Return how many rows a table is to have; None when its keys tell, or nothing does."""
        found = self._schema.table(table)
        return self._rows.get(found.key, found.target_rows)

    def set_rows(self, table: str, rows: int | None) -> None:
        """Change how many rows a table is to have."""
        self._rows[self._schema.table(table).key] = rows
        self._outcome = None

    def planned_rows(self) -> dict[str, int]:
        """Return the rows of each table that a run would make; of the schema as it was given, while it has problems."""
        return row_counts(self._sound(), None)

    def referable(self) -> list[str]:
        """Return the columns that a foreign key can reference: unique ones that are never NULL, as `table.column`."""
        found = []
        for table in self.tables:
            lines = self.lines(table)
            found += [f"{table}.{line['column']}" for line in lines if is_unique(line, lines) and line["nulls"] is None]
        return found

    @property
    def changes(self) -> int:
        """The number of columns, and of tables' rows, that are not as they were given."""
        rows = [table for table, rows in self._rows.items() if rows != self._schema.table(table).target_rows]
        return sum(map(bool, self._changes.values())) + len(rows)

    def discard(self) -> None:
        """Take back every change."""
        self._changes.clear()
        self._rows.clear()
        self._outcome = self._schema

    def adopt(self, other: Review) -> None:
        """Take over what was changed in another review, where it changed the same column or the same rows."""
        for (table, column), changes in other._changes.items():
            if self._line_given(table, column) == other._line_given(table, column):
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
        """Return what keeps the schema from being saved."""
        try:
            self.edited()
        except SchemaError as error:
            return error.problems
        return ()

    def problem_counts(self) -> dict[str, int]:
        """Return how many problems each table has; those without any are left out."""
        tables = sorted(self.tables, key=len, reverse=True)
        places = [f"{problem.where}." for problem in self.problems()]
        return Counter(next((key for key in tables if place.startswith(f"{key}.")), "") for place in places)

    def warnings(self, table: str | None = None) -> list[str]:
        """Return what should be known of the schema, or of one table, before it is saved."""
        schema = self._sound()
        shown = schema.tables if table is None else [schema.table(table)]
        return [warning for each in shown for warning in (*each.warnings, *key_warnings(each))]

    def key_facts(self, table: str) -> list[str]:
        """Return what a table's lines do not tell: its other keys of several columns, unique or foreign."""
        return key_facts(self._sound().table(table))

    def samples(self, table: str, rows: int = 5) -> dict[str, list[str | None]]:
        """Return sample values by column, as text; raises what a preview raises.

        A change that is a problem is left out, and its column has no samples; nor has any when that is no schema yet.
        """
        faulty = self._faulty()
        schema = self._read(without=faulty) if self.problems() else self.edited()
        if isinstance(schema, SchemaError):
            return {}
        found = schema.table(table)
        frame = preview(schema, found, rows=rows, offset=0, seed=0, counts=row_counts(schema, None))
        return {
            column.name: [None if value is None else str(value) for value in frame[column.name]]
            for column in found.columns
            if (found.key, column.name) not in faulty
        }

    def diagram(self, around: str | None = None) -> str:
        """Return the tables and keys as a Mermaid diagram, of all or of one table's neighbourhood."""
        return er_diagram(self.edited(), around=around)

    def to_json(self) -> str:
        """Return the reviewed schema as the text of a schema file."""
        return schema_to_json(self.edited())

    def to_ddl(self, dialect: str) -> str:
        """Return the CREATE TABLE script of the reviewed schema."""
        return export_ddl(self.edited(), dialect)

    def _line_given(self, table: str, column: str) -> Line | None:
        lines = self._lines_given(table) if table in self.tables else []
        return next((line for line in lines if line["column"] == column), None)

    def _sound(self) -> ExperimentSchema:
        """Return the schema with all changes; as it was given, while it has problems."""
        return self._schema if self.problems() else self.edited()

    def _lines_given(self, key: str) -> list[Line]:
        if key not in self._given:
            table = self._schema.table(key)
            self._given[key] = [line_of(self._schema, table, column) for column in table.columns]
        return self._given[key]

    def _faulty(self) -> set[_Place]:
        """Return the changed columns that a problem names."""
        places = [f"{problem.where}." for problem in self.problems()]
        return {
            (table, column)
            for table, column in self._changes
            if any(place.startswith(f"{table}.{column}.") for place in places)
        }

    def _read(self, without: Collection[_Place] = ()) -> ExperimentSchema | SchemaError:
        """Return the schema with its changes, except those of the columns `without`, or all that is wrong with it."""
        data = json.loads(schema_to_json(self._schema))
        problems: list[Problem] = []
        touched = set(self._rows)
        for table, entry in zip(self._schema.tables, data["tables"], strict=True):
            if table.key in self._rows:
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
        reached = affected(self._schema, touched)
        unreached = [table for table in self._schema.tables if table.key not in reached]
        skipped = {f"{table.key}.{column.name}" for table in unreached for column in table.columns}
        try:
            schema = read_schema(data, also=partial(_check, skipped=skipped))
        except SchemaError as error:
            problems += error.problems
        return SchemaError(list(dict.fromkeys(problems)), source=_SOURCE) if problems else schema


def _check(schema: ExperimentSchema, faulty: Collection[str], *, skipped: Collection[str]) -> list[Problem]:
    """Check the rules of all columns but those `skipped`, which no change can have broken."""
    return check_rules(schema, {*faulty, *skipped})
