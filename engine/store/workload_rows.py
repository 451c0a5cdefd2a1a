"""The workload of an experiment in the catalog: the texts of its queries, and the values of what they leave open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine.store.database import Database
from engine.store.experiment_rows import experiment_row
from engine.store.fields import Faults, as_text_map, as_time


@dataclass(frozen=True)
class KeptWorkload:
    """The queries that were brought for an experiment."""

    files: Mapping[str, str] = field(default_factory=dict)
    """Texts by file name."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Values of placeholders by name."""
    changed_at: datetime | None = None
    """None before the first query."""


class WorkloadRows:
    """Queries and changes of the workloads."""

    _database: Database

    def workload(self, experiment: str) -> KeptWorkload:
        """Return the workload of an experiment, an empty one before the first query."""
        with self._database.reading() as connection:
            row = connection.execute(
                "select * from workloads where experiment_id = ?", (experiment_row(connection, experiment)["id"],)
            ).fetchone()
        if row is None:
            return KeptWorkload()
        faults = Faults()
        return KeptWorkload(
            faults.read("files", as_text_map, row["files"], {}),
            faults.read("given", as_text_map, row["given"], {}),
            faults.read("changed_at", as_time, row["changed_at"], datetime.now(UTC)),
        )

    def keep_workload(self, experiment: str, files: Mapping[str, str], values: Mapping[str, str]) -> KeptWorkload:
        """Replace the workload of an experiment."""
        kept = KeptWorkload(dict(files), dict(values), datetime.now(UTC))
        with self._database.transaction(is_freeing=not files) as connection:
            connection.execute(
                "insert into workloads values (?, ?, ?, ?) on conflict (experiment_id) do update set"
                " files = excluded.files, given = excluded.given, changed_at = excluded.changed_at",
                (
                    experiment_row(connection, experiment)["id"],
                    json.dumps(kept.files),
                    json.dumps(kept.values),
                    datetime.now(UTC).isoformat(timespec="microseconds"),
                ),
            )
        return kept
