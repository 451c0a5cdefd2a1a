"""Restoring experiments and runs in the catalog from the marks of their folders."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from engine.generation.parts import Part
from engine.schema.files import schema_to_json
from engine.store.database import Database
from engine.store.experiment_rows import experiment_row
from engine.store.records import ExperimentRecord, Run
from engine.store.version_marks import VersionMark


class RestoredRows:
    """Changes of the catalog that restore experiments and runs, and reserve used ids."""

    _database: Database

    def restore_experiment(self, record: ExperimentRecord, versions: Iterable[VersionMark] = ()) -> None:
        """Restore an experiment with the versions of its schema.

        One of the same name is replaced if it was created at another time.
        """
        with self._database.transaction() as connection:
            connection.execute(
                "delete from experiments where name = ? and created_at <> ?",
                (record.name, record.created_at.isoformat()),
            )
            connection.execute(
                "insert into experiments (name, schema, created_at, version, loaded_version) values (?, ?, ?, ?, ?)"
                " on conflict (name) do update set schema = excluded.schema, version = excluded.version",
                (
                    record.name,
                    schema_to_json(record.schema),
                    record.created_at.isoformat(),
                    record.version,
                    record.version,
                ),
            )
            experiment_id = experiment_row(connection, record.name)["id"]
            current = VersionMark(record.version, record.created_at, record.schema)
            for each in [*versions, current]:
                connection.execute(
                    "insert or ignore into schema_versions values (?, ?, ?, ?, ?, ?)",
                    (
                        experiment_id,
                        each.number,
                        schema_to_json(each.schema),
                        each.saved_at.isoformat(),
                        each.note,
                        each.changes,
                    ),
                )

    def restore_run(self, run: Run, parts: Mapping[str, Iterable[Part]]) -> None:
        """Restore a run that has ended, with its parts; an existing record is replaced."""
        with self._database.transaction() as connection:
            experiment_id = experiment_row(connection, run.experiment)["id"]
            connection.execute("delete from parts where experiment_id = ? and run_id = ?", (experiment_id, run.id))
            connection.execute("delete from runs where experiment_id = ? and id = ?", (experiment_id, run.id))
            connection.execute(
                "insert into runs (experiment_id, id, status, seed, row_counts, started_at, finished_at, error,"
                " traceback, output_dir, notes, requested_rows, is_to_be_loaded, schema_version, batches)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    experiment_id,
                    run.id,
                    run.status.value,
                    str(run.seed),
                    json.dumps(run.row_counts),
                    run.started_at.isoformat(),
                    None if run.finished_at is None else run.finished_at.isoformat(),
                    run.error,
                    run.traceback,
                    run.output_dir,
                    json.dumps(list(run.notes)),
                    json.dumps(run.requested_rows),
                    int(run.is_to_be_loaded),
                    run.schema_version,
                    json.dumps(run.batches),
                ),
            )
            connection.executemany(
                "insert into parts values (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (experiment_id, run.id, key, part.number, part.first_row, part.rows, part.size_bytes, part.checksum)
                    for key, of_table in parts.items()
                    for part in of_table
                ],
            )

    def reserve_ids(self, name: str, *, last_run_id: int, last_load_id: int) -> None:
        """Do not assign run and load ids up to these again: files of theirs exist."""
        with self._database.transaction() as connection:
            connection.execute(
                "update experiments set next_run_id = max(next_run_id, ?), next_load_id = max(next_load_id, ?)"
                " where name = ?",
                (last_run_id + 1, last_load_id + 1, name),
            )
