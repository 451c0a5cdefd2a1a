"""What the earlier runs in the catalog took, for estimates."""

from __future__ import annotations

import sqlite3

from engine.generation.timings import RunTiming, TableTiming
from engine.store.database import Database
from engine.store.fields import shown
from engine.store.progress import read_note

_NEWEST = """
    select experiments.name as experiment, runs.experiment_id, runs.id, runs.progress,
        runs.schema_version
    from runs join experiments on experiments.id = runs.experiment_id
    where runs.status = 'COMPLETED' and runs.progress is not null
    order by runs.finished_at desc limit :limit
"""
_SIZES = """
    select table_key, sum(rows) as rows, sum(size_bytes) as size_bytes
    from parts where experiment_id = ? and run_id = ? group by table_key
"""


class TimingRows:
    """Queries of the durations of runs in the catalog."""

    _database: Database

    def timings(self, limit: int = 30) -> list[RunTiming]:
        """Return the newest completed runs of all experiments with the durations of their tables and of loading."""
        with self._database.reading() as connection:
            rows = connection.execute(_NEWEST, {"limit": limit}).fetchall()
            return [_timing(connection, row) for row in rows]


def _timing(connection: sqlite3.Connection, run: sqlite3.Row) -> RunTiming:
    note = read_note(run["progress"])
    sizes = connection.execute(_SIZES, (run["experiment_id"], run["id"])).fetchall()
    tables = {
        key: TableTiming(int(row["rows"]), note.tables[key][2], int(row["size_bytes"]))
        for row in sizes
        if (key := shown(row["table_key"])) in note.tables
    }
    return RunTiming(
        shown(run["experiment"]),
        run["id"],
        tables,
        note.loading.seconds,
        note.loading.cells,
        run["schema_version"],
    )
