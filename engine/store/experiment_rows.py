"""The experiments in the catalog, each with the pointer to its current warehouse file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache

from pydantic import ValidationError

from engine.errors import ConflictError, DamagedError, NotFoundError, did_you_mean
from engine.schema.files import schema_to_json
from engine.schema.models import ExperimentSchema
from engine.schema.names import name_fault
from engine.store.database import Database
from engine.store.fields import as_counts, as_integer, as_optional_integer, as_text, as_time, shown, stored_schema
from engine.store.records import DamagedExperiment, ExperimentRecord

_NAMES_SHOWN = 20
_SELECT = """
    select experiments.*, (
        select versions.schema from schema_versions versions where versions.experiment_id = experiments.id
            and versions.version = experiments.loaded_version and experiments.loaded_version <> experiments.version
    ) as earlier_schema from experiments
"""


class ExperimentRows:
    """Queries and changes of the experiments in the catalog; names are case-insensitive."""

    _database: Database

    def check_free(self, name: str) -> None:
        """Raise `ConflictError` when an experiment already has the name."""
        with suppress(NotFoundError):
            taken = self.experiment(name).name
            raise ConflictError(
                f'There is already an experiment "{taken}".', hint="Choose another name, or delete that one first."
            )

    def create_experiment(self, schema: ExperimentSchema, load_id: int | None = None) -> ExperimentRecord:
        """Add an experiment under the schema's name; raises `ConflictError` when the name is taken.

        `load_id` is the id of its file of empty tables, which exists already.
        """
        try:
            with self._database.transaction() as connection:
                text, created_at = schema_to_json(schema), datetime.now(UTC).isoformat()
                made = connection.execute(
                    "insert into experiments (name, schema, created_at, load_id, next_load_id) values (?, ?, ?, ?, ?)",
                    (schema.name, text, created_at, load_id, 1 if load_id is None else load_id + 1),
                )
                connection.execute(
                    "insert into schema_versions (experiment_id, version, schema, saved_at) values (?, 1, ?, ?)",
                    (made.lastrowid, text, created_at),
                )
                return experiment_record(experiment_row(connection, schema.name))
        except sqlite3.IntegrityError as error:
            self.check_free(schema.name)
            raise ConflictError(f'"{schema.name}" cannot be created: {error}.') from error

    def experiment(self, name: str) -> ExperimentRecord:
        """Return the experiment of that name; raises `NotFoundError` with the nearest name."""
        with self._database.reading() as connection:
            return experiment_record(experiment_row(connection, name))

    def experiments(self) -> list[ExperimentRecord]:
        """Return all experiments by name, except those whose records are damaged."""
        records = []
        for row in self._experiment_rows():
            with suppress(DamagedError):
                records.append(experiment_record(row))
        return records

    def damaged_experiments(self) -> list[DamagedExperiment]:
        """Return the experiments whose records cannot be read; they can only be deleted."""
        damaged = []
        for row in self._experiment_rows():
            try:
                experiment_record(row)
            except DamagedError as error:
                damaged.append(DamagedExperiment(shown(row["name"]), error))
        return damaged

    def experiment_names(self) -> list[str]:
        """Return the names of all experiments, damaged or not."""
        return [shown(row["name"]) for row in self._experiment_rows()]

    def experiment_name(self, name: str) -> str:
        """Return the name of an experiment as it was created, damaged or not; raises `NotFoundError`."""
        with self._database.reading() as connection:
            return shown(experiment_row(connection, name)["name"])

    def _experiment_rows(self) -> list[sqlite3.Row]:
        with self._database.reading() as connection:
            return connection.execute(f"{_SELECT} order by name").fetchall()

    def rename_experiment(self, name: str, new_name: str, load_id: int | None) -> ExperimentRecord:
        """Rename an experiment; `load_id` is the warehouse file with its new name. Raises `ConflictError`."""
        try:
            with self._database.transaction() as connection:
                row = experiment_row(connection, name)
                schema = experiment_record(row).schema.model_copy(update={"name": new_name})
                connection.execute(
                    "update experiments set name = ?, schema = ?, load_id = ? where id = ?",
                    (new_name, schema_to_json(schema), load_id, row["id"]),
                )
                return experiment_record(experiment_row(connection, new_name))
        except sqlite3.IntegrityError as error:
            self.check_free(new_name)
            raise ConflictError(f'"{name}" cannot be renamed: {error}.') from error

    def describe_experiment(self, name: str, description: str) -> ExperimentRecord:
        """Set the description of an experiment; this makes no new version of its schema."""
        with self._database.transaction() as connection:
            row = experiment_row(connection, name)
            schema = experiment_record(row).schema.model_copy(update={"description": description})
            connection.execute("update experiments set schema = ? where id = ?", (schema_to_json(schema), row["id"]))
            return experiment_record(experiment_row(connection, name))

    def delete_experiment(self, name: str) -> None:
        """Delete an experiment and its runs; raises `NotFoundError`."""
        with self._database.transaction(is_freeing=True) as connection:
            connection.execute("delete from experiments where id = ?", (experiment_row(connection, name)["id"],))

    def next_load_id(self, name: str) -> int:
        """Return a load id that is new for this experiment."""
        with self._database.transaction() as connection:
            row = experiment_row(connection, name)
            connection.execute("update experiments set next_load_id = next_load_id + 1 where id = ?", (row["id"],))
            return int(row["next_load_id"])

    def set_warehouse(
        self,
        name: str,
        load_id: int | None,
        run_id: int | None,
        row_counts: Mapping[str, int],
        version: int | None = None,
    ) -> None:
        """Point the experiment to the file of `load_id`, which has the data of `run_id` (None: empty tables).

        `version` is that of its schema, by default the current one. Without a `load_id` there is no file, and the
        tables are empty.
        """
        with self._database.transaction(is_freeing=load_id is None) as connection:
            row = experiment_row(connection, name)
            point_at_warehouse(connection, row["id"], load_id, run_id, row_counts, version or row["version"])


def experiment_row(connection: sqlite3.Connection, name: str) -> sqlite3.Row:
    """Return the row of an experiment; raises `NotFoundError` with the nearest name."""
    row: sqlite3.Row | None = connection.execute(f"{_SELECT} where name = ?", (name,)).fetchone()
    if row is None:
        known: list[sqlite3.Row] = connection.execute(f"{_SELECT} order by name").fetchall()
        for each in known:  # a damaged name is found by its displayed text
            if isinstance(each["name"], bytes) and shown(each["name"]) == name:
                return each
        names = [shown(each["name"]) for each in known]
        raise NotFoundError(f'There is no experiment "{name}".', hint=_hint(name, names))
    return row


def point_at_warehouse(
    connection: sqlite3.Connection,
    experiment_id: int,
    load_id: int | None,
    run_id: int | None,
    row_counts: Mapping[str, int],
    version: int,
) -> None:
    """Set the warehouse file of an experiment, made by a version of its schema, in the caller's transaction."""
    connection.execute(
        "update experiments set load_id = ?, loaded_run_id = ?, row_counts = ?, loaded_version = ? where id = ?",
        (load_id, run_id, json.dumps(dict(row_counts)), version, experiment_id),
    )


def _hint(name: str, names: list[str]) -> str:
    if not names:
        return "Create an experiment first."
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    return did_you_mean(name, names) or f"The experiments are: {', '.join(names[:_NAMES_SHOWN])}{more}."


def experiment_record(row: sqlite3.Row) -> ExperimentRecord:
    """Return the record of a row; raises `DamagedError` when a column cannot be read."""
    column = ""
    try:
        column = "name"
        name = as_text(row[column])
        if fault := name_fault(name):
            raise ValueError(fault)
        column = "schema"
        schema = _schema(as_text(row[column]))
        if schema.name != name:
            raise ValueError(f'it is the schema of "{schema.name}"')
        column = "row_counts"
        counts = as_counts(row[column])
        column = "created_at"
        created_at = as_time(row[column])
        column = "load_id"
        load_id = as_optional_integer(row[column])
        column = "loaded_run_id"
        loaded_run_id = as_optional_integer(row[column])
        column = "version"
        version = as_integer(row[column])
        column = "loaded_version"
        loaded_version = as_integer(row[column])
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        shown_name = shown(row["name"])
        raise DamagedError(
            f'The catalog\'s record of "{shown_name}" is damaged: its {column} cannot be read ({_reason(error)}).',
            where=f"experiments.{column}",
            hint=f'Use the version that wrote it, restore catalog.sqlite from a backup, or delete "{shown_name}".',
        ) from error
    earlier, fault = (None, "") if version == loaded_version else _earlier_schema(row, schema)
    tables = [table.key for table in (earlier or schema).tables]
    return ExperimentRecord(
        name=name,
        schema=schema,
        created_at=created_at,
        load_id=load_id,
        loaded_run_id=loaded_run_id,
        row_counts=counts if fault else {table: counts.get(table, 0) for table in tables},
        version=version,
        loaded_version=loaded_version,
        earlier_schema=earlier,
        earlier_fault=fault,
    )


def _earlier_schema(row: sqlite3.Row, current: ExperimentSchema) -> tuple[ExperimentSchema | None, str]:
    """Return the schema of the loaded version, or None and why it cannot be read."""
    try:
        return schema_of(as_text(row["earlier_schema"]), current), ""
    except (ValueError, TypeError, RecursionError) as error:
        return None, _reason(error)


def schema_of(text: str, current: ExperimentSchema) -> ExperimentSchema:
    """Return the schema of an earlier version: the name and the description are always those of the experiment."""
    return _schema(text).model_copy(update={"name": current.name, "description": current.description})


@lru_cache(maxsize=256)
def _schema(text: str) -> ExperimentSchema:
    return stored_schema(text)


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        path = ".".join(map(str, first["loc"]))
        return f"{path}: {first['msg']}" if path else str(first["msg"])
    return str(error)
