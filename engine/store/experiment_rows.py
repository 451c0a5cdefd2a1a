"""The experiments of the catalog, and for each the pointer to the warehouse file that holds its tables now."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache

from pydantic import ValidationError

from engine.errors import ConflictError, NotFoundError, WorkbenchError, did_you_mean
from engine.schema.files import schema_to_json
from engine.schema.models import ExperimentSchema
from engine.store.database import Database
from engine.store.records import ExperimentRecord

_NAMES_SHOWN = 20


class ExperimentRows:
    """What the catalog knows and changes about experiments; names count regardless of case."""

    _database: Database

    def check_free(self, name: str) -> None:
        """Raise `ConflictError` when an experiment has the name already."""
        with suppress(NotFoundError):
            taken = self.experiment(name).name
            raise ConflictError(
                f'There is already an experiment "{taken}".', hint="Choose another name, or delete that one first."
            )

    def create_experiment(self, schema: ExperimentSchema, load_id: int | None = None) -> ExperimentRecord:
        """Add an experiment under the schema's name; raises `ConflictError` when the name is taken.

        `load_id` names the file of empty tables that was made for it already.
        """
        try:
            with self._database.transaction() as connection:
                connection.execute(
                    "insert into experiments (name, schema, created_at, load_id, next_load_id) values (?, ?, ?, ?, ?)",
                    (
                        schema.name,
                        schema_to_json(schema),
                        datetime.now(UTC).isoformat(),
                        load_id,
                        1 if load_id is None else load_id + 1,
                    ),
                )
                return _record(experiment_row(connection, schema.name))
        except sqlite3.IntegrityError as error:
            self.check_free(schema.name)
            raise ConflictError(f'"{schema.name}" cannot be created: {error}.') from error

    def experiment(self, name: str) -> ExperimentRecord:
        """Return the experiment of that name; raises `NotFoundError` with the nearest name."""
        with self._database.reading() as connection:
            return _record(experiment_row(connection, name))

    def experiments(self) -> list[ExperimentRecord]:
        """Return all experiments by name."""
        with self._database.reading() as connection:
            rows = connection.execute("select * from experiments order by name").fetchall()
        return [_record(row) for row in rows]

    def delete_experiment(self, name: str) -> None:
        """Remove an experiment and its runs; raises `NotFoundError`."""
        with self._database.transaction() as connection:
            connection.execute("delete from experiments where id = ?", (experiment_row(connection, name)["id"],))

    def next_load_id(self, name: str) -> int:
        """Return a load id that was never given before for this experiment."""
        with self._database.transaction() as connection:
            row = experiment_row(connection, name)
            connection.execute("update experiments set next_load_id = next_load_id + 1 where id = ?", (row["id"],))
            return int(row["next_load_id"])

    def set_warehouse(self, name: str, load_id: int, run_id: int | None, row_counts: Mapping[str, int]) -> None:
        """Point the experiment at the file of `load_id`, which holds `run_id` (None: empty tables)."""
        with self._database.transaction() as connection:
            point_at_warehouse(connection, experiment_row(connection, name)["id"], load_id, run_id, row_counts)


def experiment_row(connection: sqlite3.Connection, name: str) -> sqlite3.Row:
    """Return the row of an experiment; raises `NotFoundError` with the nearest name."""
    row: sqlite3.Row | None = connection.execute("select * from experiments where name = ?", (name,)).fetchone()
    if row is None:
        names = [str(known["name"]) for known in connection.execute("select name from experiments order by name")]
        raise NotFoundError(f'There is no experiment "{name}".', hint=_hint(name, names))
    return row


def point_at_warehouse(
    connection: sqlite3.Connection,
    experiment_id: int,
    load_id: int,
    run_id: int | None,
    row_counts: Mapping[str, int],
) -> None:
    """Move the pointer inside the caller's transaction."""
    connection.execute(
        "update experiments set load_id = ?, loaded_run_id = ?, row_counts = ? where id = ?",
        (load_id, run_id, json.dumps(dict(row_counts)), experiment_id),
    )


def _hint(name: str, names: list[str]) -> str:
    if not names:
        return "There are none yet: create one first."
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    return did_you_mean(name, names) or f"The experiments are: {', '.join(names[:_NAMES_SHOWN])}{more}."


def _record(row: sqlite3.Row) -> ExperimentRecord:
    schema = _schema(row["schema"])
    counts: dict[str, int] = json.loads(row["row_counts"])
    return ExperimentRecord(
        name=row["name"],
        schema=schema,
        created_at=datetime.fromisoformat(row["created_at"]),
        load_id=row["load_id"],
        loaded_run_id=row["loaded_run_id"],
        row_counts={table.key: counts.get(table.key, 0) for table in schema.tables},
    )


@lru_cache(maxsize=256)
def _schema(text: str) -> ExperimentSchema:
    try:
        return ExperimentSchema.model_validate_json(text)
    except ValidationError as error:
        raise WorkbenchError(
            "The catalog holds a schema that this version cannot read.",
            hint="Use the version that wrote it, or name another home folder in DW_SIM_HOME.",
        ) from error
