"""The versions of the experiments' schemas in the catalog. A version is written once and never changed."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.errors import DamagedError, NotFoundError, VersionConflictError, WorkbenchError
from engine.schema.files import schema_to_json
from engine.schema.limits import check_text
from engine.schema.models import ExperimentSchema
from engine.store.database import Database
from engine.store.experiment_rows import experiment_record, experiment_row, point_at_warehouse, schema_of
from engine.store.fields import NO_TIME, Faults, as_text, as_time
from engine.store.records import ExperimentRecord, SchemaVersion

_MAX_NOTE_LENGTH = 500


def check_note(note: str) -> str:
    """Return the note of a version without outer blanks; raises `WorkbenchError` for one that is too long."""
    check_text(note, "The note")
    if len(note.strip()) > _MAX_NOTE_LENGTH:
        raise WorkbenchError(
            f"The note has {len(note.strip()):,} characters; the limit is {_MAX_NOTE_LENGTH}.", hint="Shorten it."
        )
    return note.strip()


class VersionRows:
    """Queries and changes of the versions of schemas in the catalog."""

    _database: Database

    def add_version(
        self, name: str, schema: ExperimentSchema, based_on: int, *, note: str = "", changes: str = ""
    ) -> ExperimentRecord:
        """Add a schema as the current version; raises `VersionConflictError` if `based_on` is no longer that.

        The loaded tables stay as they are. Empty tables become those of the new version, without a warehouse file.
        """
        with self._database.transaction() as connection:
            row = experiment_row(connection, name)
            if row["version"] != based_on:
                raise VersionConflictError(row["name"], based_on, row["version"])
            number, text = based_on + 1, schema_to_json(schema)
            connection.execute(
                "insert into schema_versions values (?, ?, ?, ?, ?, ?)",
                (row["id"], number, text, datetime.now(UTC).isoformat(), note, changes),
            )
            connection.execute("update experiments set schema = ?, version = ? where id = ?", (text, number, row["id"]))
            if row["loaded_run_id"] is None:
                point_at_warehouse(connection, row["id"], None, None, {}, number)
            return experiment_record(experiment_row(connection, name))

    def versions(self, name: str) -> list[SchemaVersion]:
        """Return the versions of an experiment's schema, newest first."""
        with self._database.reading() as connection:
            row = experiment_row(connection, name)
            found = connection.execute(
                "select version, saved_at, note, changes from schema_versions where experiment_id = ?"
                " order by version desc",
                (row["id"],),
            ).fetchall()
            runs = connection.execute(
                "select id, schema_version from runs where experiment_id = ? order by id desc", (row["id"],)
            ).fetchall()
        run_ids: dict[int, list[int]] = {}
        for run in runs:
            run_ids.setdefault(run["schema_version"], []).append(run["id"])
        faults = Faults()  # a version without its time or note is still usable
        return [
            SchemaVersion(
                number=each["version"],
                saved_at=faults.read("saved_at", as_time, each["saved_at"], NO_TIME),
                note=faults.read("note", as_text, each["note"], ""),
                changes=faults.read("changes", as_text, each["changes"], ""),
                is_current=each["version"] == row["version"],
                run_ids=tuple(run_ids.get(each["version"], ())),
            )
            for each in found
        ]

    def version_schema(self, name: str, number: int) -> ExperimentSchema:
        """Return the schema of a version, under the experiment's present name; raises `NotFoundError`."""
        with self._database.reading() as connection:
            row = experiment_row(connection, name)
            found = connection.execute(
                "select schema from schema_versions where experiment_id = ? and version = ?",
                (row["id"], number if 0 < number < 2**63 else 0),
            ).fetchone()
            current = experiment_record(row)
        if number == current.version:
            return current.schema
        if found is None:
            known = "Its only version is 1." if current.version == 1 else f"Its versions are 1 to {current.version}."
            raise NotFoundError(f'There is no version {number} of "{current.name}".', hint=known)
        try:
            return schema_of(as_text(found["schema"]), current.schema)
        except (ValueError, TypeError, RecursionError) as error:
            raise DamagedError(
                f'The catalog\'s record of version {number} of "{current.name}" is damaged.',
                where="schema_versions.schema",
                hint="Restore catalog.sqlite from a backup, or use another version.",
            ) from error
