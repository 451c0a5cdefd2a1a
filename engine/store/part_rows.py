"""The parts of the runs in the catalog: size and checksum of each Parquet file, to detect damage and to resume runs."""

from __future__ import annotations

from collections.abc import Iterable

from engine.generation.parts import Part
from engine.store.database import Database
from engine.store.experiment_rows import experiment_row
from engine.store.fields import shown


class PartRows:
    """Queries and changes of the parts of runs in the catalog."""

    _database: Database

    def add_part(self, experiment: str, run_id: int, table: str, part: Part) -> None:
        """Record a part whose file is complete; one of the same number is replaced.

        A power failure may lose the last records: their parts are then generated again when the run is resumed.
        """
        with self._database.transaction(is_durable=False) as connection:
            experiment_id = experiment_row(connection, experiment)["id"]
            connection.execute(
                "insert or replace into parts values (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    experiment_id,
                    run_id,
                    table,
                    part.number,
                    part.first_row,
                    part.rows,
                    part.size_bytes,
                    part.checksum,
                ),
            )

    def parts(self, experiment: str, run_id: int) -> dict[str, list[Part]]:
        """Return the parts of a run by table key, each table's in their order."""
        found: dict[str, list[Part]] = {}
        with self._database.reading() as connection:
            rows = connection.execute(
                "select * from parts where experiment_id = ? and run_id = ? order by table_key, number",
                (experiment_row(connection, experiment)["id"], run_id),
            )
            for row in rows:
                part = Part(row["number"], row["first_row"], row["rows"], row["size_bytes"], row["checksum"])
                found.setdefault(shown(row["table_key"]), []).append(part)
        return found

    def remove_parts(self, experiment: str, run_id: int, removed: Iterable[tuple[str, int]]) -> None:
        """Delete parts, given as table key and number."""
        with self._database.transaction() as connection:
            experiment_id = experiment_row(connection, experiment)["id"]
            connection.executemany(
                "delete from parts where experiment_id = ? and run_id = ? and table_key = ? and number = ?",
                [(experiment_id, run_id, table, number) for table, number in removed],
            )
