"""A schema under review, before anything is saved: each column as an editable line, with sample values.

Input is kept as typed, also when it is invalid: `problems` lists what to fix, and no input is lost. A change of the
structure (`edits`) is made to the schema itself, with all valid input; what is invalid stays beside it. Every change
can be undone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from threading import RLock
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from engine.display.wording import counted
from engine.errors import Problem, SchemaError, WorkbenchError
from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.review.column_editor import ColumnEditor
from engine.review.edits import Place, StructureEdits
from engine.review.history import History
from engine.review.kept_changes import renamed_changes, table_key
from engine.review.keys import find_affected_tables, is_unique, set_primary_key
from engine.review.lines import Line, add_implied_changes, apply_changes, apply_line, build_line, rule_labels
from engine.review.outputs import ReviewOutputs
from engine.review.structure import Data
from engine.rules.rule_checks import check_rules
from engine.schema.differences import Change, compare_schemas
from engine.schema.files import read_changed_tables, read_schema, schema_to_json
from engine.schema.models import ExperimentSchema

if TYPE_CHECKING:
    pass

_SOURCE = "The reviewed schema"
_Column = tuple[str, str]


_P = ParamSpec("_P")
_T = TypeVar("_T")


def _alone(method: Callable[Concatenate[Review, _P], _T]) -> Callable[Concatenate[Review, _P], _T]:
    """Let one thread at a time into the methods that change a review or read all of it."""

    @wraps(method)
    def locked(self: Review, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        with self._lock:
            return method(self, *args, **kwargs)

    return locked


@dataclass(frozen=True)
class _State:
    """Everything of a review that a change can change."""

    schema: ExperimentSchema
    changes: dict[_Column, Line]
    rows: dict[str, int | None]


class Review(StructureEdits, ReviewOutputs):
    """A schema that is being changed; saved by `Workbench.create(edited())` or `Experiment.update(edited())`."""

    def __init__(self, schema: ExperimentSchema) -> None:
        """Start with a schema whose structure and rules have been checked."""
        self._first = schema
        self._schema = schema
        self._changes: dict[_Column, Line] = {}
        self._rows: dict[str, int | None] = {}
        self._given: dict[str, list[Line]] = {}
        self._outcome: ExperimentSchema | SchemaError | None = schema
        self._history = History[_State]()
        self._differing: tuple[ExperimentSchema, ExperimentSchema, tuple[Change, ...]] | None = None
        self._last_valid = schema
        # A page that is drawn anew can change the review while its earlier drawing still reads it, in another thread.
        self._lock = RLock()

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

    @_alone
    def lines(self, table: str) -> list[Line]:
        """Return the columns of a table, with their changes."""
        key = self._schema.table(table).key
        return [apply_changes(line, self._changes.get((key, line["column"]), {})) for line in self._original_lines(key)]

    @_alone
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
        kept = {key: value for key, value in kept.items() if given[key] != value}
        if kept != self._changes.get(place, {}):
            self._note(f"Change {'.'.join(place)}")
        self._changes[place] = kept
        self._outcome = None

    def column_editor(self, table: str, column: str) -> ColumnEditor:
        """Return the rule of a column as keys and fields, with the catalogue of rules that it could have."""
        found = self._schema.table(table)
        return ColumnEditor(self, self._last_valid, found.key, found.column(column).name)

    def rows(self, table: str) -> int | None:
        """Return the row count of a table; None when it is not set."""
        found = self._schema.table(table)
        return self._rows.get(found.key, found.target_rows)

    @_alone
    def set_rows(self, table: str, rows: int | None) -> None:
        """Set the row count of a table."""
        key = self._schema.table(table).key
        self._note(f"Change the rows of {key}")
        self._rows[key] = rows
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
        """The number of changed columns and changed row counts, and of changes to the structure."""
        rows = [table for table, rows in self._rows.items() if rows != self._schema.table(table).target_rows]
        return sum(map(bool, self._changes.values())) + len(rows) + len(self._differences(self._schema))

    @_alone
    def differences(self) -> tuple[Change, ...]:
        """Return what differs from the first schema; raises `SchemaError` while there are problems."""
        return self._differences(self.edited())

    def discard(self) -> None:
        """Undo all changes; they can be brought back by `undo`."""
        self.replace(self._first, "Discard all changes")

    @_alone
    def replace(self, schema: ExperimentSchema, name: str) -> None:
        """Replace everything by a checked schema, as one change of that name, which can be undone."""
        if self.changes or schema is not self._schema:
            self._note(name)
        self._set(_State(schema, {}, {}))

    @_alone
    def settle(self) -> None:
        """Count changes from the present schema on: it has been saved."""
        self._first = self.edited()
        self._set(_State(self._first, {}, {}))

    def compare_with(self, schema: ExperimentSchema) -> None:
        """Count changes from another schema, such as a version that came first."""
        self._first = schema

    @property
    def to_undo(self) -> str:
        """The name of the change that `undo` takes back; empty when there is none."""
        return self._history.to_undo

    @property
    def to_redo(self) -> str:
        """The name of the change that `redo` makes again; empty when there is none."""
        return self._history.to_redo

    @_alone
    def undo(self) -> None:
        """Take back the last change."""
        self._set(self._history.undo(self._state))

    @_alone
    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._set(self._history.redo(self._state))

    @_alone
    def adopt(self, other: Review) -> None:
        """Copy the changes of another review, for columns and row counts that are the same in both schemas."""
        if other._first == self._schema:
            self._set(other._state())
            return
        for (table, column), changes in other._changes.items():
            if self._original_line(table, column) == other._original_line(table, column):
                self._changes[table, column] = dict(changes)
        mine, theirs = ({table.key: table.target_rows for table in each._schema.tables} for each in (self, other))
        self._rows |= {table: rows for table, rows in other._rows.items() if mine.get(table, "") == theirs[table]}
        self._outcome = None

    @_alone
    def to_draft(self) -> str:
        """Return everything of the review except its history as text, which `from_draft` reads."""
        return json.dumps(
            {
                "first": schema_to_json(self._first),
                "schema": None if self._schema is self._first else schema_to_json(self._schema),
                "changes": [[*place, changes] for place, changes in self._changes.items() if changes],
                "rows": self._rows,
            }
        )

    @classmethod
    def from_draft(cls, text: str) -> Review:
        """Return the review that `to_draft` wrote; raises `WorkbenchError` when the text is not one."""
        try:
            data = json.loads(text)
            first = read_schema(data["first"])
            schema = first if data["schema"] is None else read_schema(data["schema"])
            review = cls(first)
            columns = {(table.key, column.name) for table in schema.tables for column in table.columns}
            changes = {(table, name): line for table, name, line in data["changes"] if (table, name) in columns}
            keys = {table.key for table in schema.tables}
            review._set(_State(schema, changes, {key: rows for key, rows in data["rows"].items() if key in keys}))
        except (KeyError, TypeError, ValueError) as error:
            raise WorkbenchError("The draft cannot be read.", hint="Discard it.") from error
        return review

    @_alone
    def edited(self) -> ExperimentSchema:
        """Return the schema with all changes; raises `SchemaError` with every problem."""
        if self._outcome is None:
            self._outcome = self._read()
        if isinstance(self._outcome, SchemaError):
            raise self._outcome
        self._last_valid = self._outcome
        return self._outcome

    @_alone
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

    def reasons(self, table: str) -> dict[str, str]:
        """Return why each column has its rule or key: the reason of a suggestion, or the CHECKs that it keeps."""
        return {line["column"]: line["because"] for line in self.lines(table) if line["because"]}

    @_alone
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

    @_alone
    def _restructure(
        self,
        name: str,
        change: Callable[[ExperimentSchema], Data],
        *,
        renamed: tuple[Place, str] | None = None,
    ) -> None:
        faulty = self._columns_with_problems()
        base = self._read(without=faulty) if faulty else self.edited()
        if isinstance(base, SchemaError):
            raise base
        data = change(base)
        before = dict(
            zip((table.key for table in base.tables), json.loads(schema_to_json(base))["tables"], strict=True)
        )
        kept = {table_key(entry) for entry in data["tables"] if before.get(table_key(entry)) == entry}
        schema = read_schema(data, also=partial(_check_changed, kept=kept))
        self._note(name)
        self._set(_State(schema, renamed_changes(self._changes, schema, faulty, renamed), {}))

    def _differences(self, schema: ExperimentSchema) -> tuple[Change, ...]:
        if schema is self._first:
            return ()
        known = self._differing
        if known is None or known[0] is not self._first or known[1] is not schema:
            known = self._differing = (self._first, schema, compare_schemas(self._first, schema))
        return known[2]

    def _state(self) -> _State:
        return _State(self._schema, {place: dict(line) for place, line in self._changes.items()}, dict(self._rows))

    def _note(self, name: str) -> None:
        self._history.note(name, self._state())

    def _set(self, state: _State | None) -> None:
        if state is None:
            return
        if state.schema is not self._schema:
            self._given, self._last_valid = {}, state.schema
        self._schema, self._changes, self._rows = state.schema, state.changes, state.rows
        self._outcome = self._schema if not any(state.changes.values()) and not state.rows else None

    def _original_line(self, table: str, column: str) -> Line | None:
        lines = self._original_lines(table) if table in self.tables else []
        return next((line for line in lines if line["column"] == column), None)

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
        problems: list[Problem] = []
        changed: dict[str, Line] = {}
        columns = {place for place, line in self._changes.items() if line and place not in without}
        touched = {table for table, _ in columns} | set(self._rows)
        for table in self._schema.tables:
            if table.key not in touched:
                continue
            entry = changed[table.key] = json.loads(table.model_dump_json(exclude_defaults=True))
            if table.key in self._rows:
                if self._rows[table.key] != table.target_rows:
                    entry.pop("because", None)
                entry["target_rows"] = self._rows[table.key]
            lines = self.lines(table.key)
            for column, described, line in zip(table.columns, entry["columns"], lines, strict=True):
                place = table.key, column.name
                if place in columns:
                    problems += apply_line(described, column, line, frozenset(self._changes[place]), ".".join(place))
            set_primary_key(entry, table, [line["column"] for line in lines if line["key"]])
        reached = find_affected_tables(self._schema, touched)
        unreached = [table for table in self._schema.tables if table.key not in reached]
        skipped = {f"{table.key}.{column.name}" for table in unreached for column in table.columns}
        unaffected = {table.key for table in unreached}
        try:
            schema = read_changed_tables(
                self._schema, changed, unaffected=unaffected, also=partial(_check, skipped=skipped)
            )
        except SchemaError as error:
            problems += error.problems
        return SchemaError(list(dict.fromkeys(problems)), source=_SOURCE) if problems else schema


def _check(schema: ExperimentSchema, faulty: Collection[str], *, skipped: Collection[str]) -> list[Problem]:
    """Check the rules of all columns except `skipped`, which no change can have affected."""
    return check_rules(schema, {*faulty, *skipped})


def _check_changed(schema: ExperimentSchema, faulty: Collection[str], *, kept: Collection[str]) -> list[Problem]:
    """Check the rules of all columns that a change of the structure can have affected."""
    affected = find_affected_tables(schema, {table.key for table in schema.tables} - set(kept))
    skipped = {
        f"{table.key}.{each.name}" for table in schema.tables if table.key not in affected for each in table.columns
    }
    return check_rules(schema, {*faulty, *skipped})
