"""The queries of an experiment in the catalog: the history and the saved queries."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from engine.errors import NotFoundError, WorkbenchError, did_you_mean
from engine.store.database import Database
from engine.store.experiment_rows import experiment_row
from engine.store.fields import NO_TIME, Faults, as_chart, as_float, as_integer, as_text, as_time, shown

MAX_PAST_QUERIES = 200
"""Max number of queries in the history of an experiment; older ones are deleted."""

_MAX_NAME_LENGTH = 100


@dataclass(frozen=True)
class PastQuery:
    """A query of the history: its text, time and result; `error` is empty when it succeeded."""

    sql: str
    dialect: str
    asked_at: datetime
    seconds: float
    row_count: int
    error: str = ""


@dataclass(frozen=True)
class SavedQuery:
    """A saved query and its dialect, and how its result is shown.

    `view` is both, table, chart or columns; `chart` has the chosen arguments of `QueryResult.chart`.
    """

    name: str
    sql: str
    dialect: str
    saved_at: datetime
    view: str = "both"
    chart: Mapping[str, str] = field(default_factory=dict)


class QueryRows:
    """Queries and changes of the query history and saved queries; names are case-insensitive."""

    _database: Database

    def note_query(self, experiment: str, query: PastQuery) -> None:
        """Add a query to the history, replacing an earlier one of the same text; a power failure may lose it."""
        with self._database.transaction(is_durable=False) as connection:
            experiment_id = experiment_row(connection, experiment)["id"]
            connection.execute(
                "delete from past_queries where experiment_id = ? and sql = ? and dialect = ?",
                (experiment_id, query.sql, query.dialect),
            )
            connection.execute(
                "insert into past_queries (experiment_id, sql, dialect, asked_at, seconds, row_count, error)"
                " values (?, ?, ?, ?, ?, ?, ?)",
                (
                    experiment_id,
                    query.sql,
                    query.dialect,
                    query.asked_at.isoformat(),
                    query.seconds,
                    query.row_count,
                    query.error,
                ),
            )
            connection.execute(
                "delete from past_queries where experiment_id = ? and id not in"
                " (select id from past_queries where experiment_id = ? order by id desc limit ?)",
                (experiment_id, experiment_id, MAX_PAST_QUERIES),
            )

    def past_queries(self, experiment: str) -> list[PastQuery]:
        """Return the history, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "select * from past_queries where experiment_id = ? order by id desc",
                (experiment_row(connection, experiment)["id"],),
            ).fetchall()
        return [_past_query(row) for row in rows]

    def save_query(
        self, experiment: str, name: str, sql: str, dialect: str, view: str, chart: Mapping[str, str]
    ) -> SavedQuery:
        """Save a query under a name; one of the same name is replaced. Raises `WorkbenchError` without name or text."""
        saved = SavedQuery(_checked_name(name), sql, dialect, datetime.now(UTC), view, dict(chart))
        if not sql.strip():
            raise WorkbenchError("There is no query to save.", hint="Write a query first.")
        with self._database.transaction() as connection:
            connection.execute(
                "insert into saved_queries (experiment_id, name, sql, dialect, saved_at, view, chart)"
                " values (?, ?, ?, ?, ?, ?, ?) on conflict (experiment_id, name) do update set name = excluded.name,"
                " sql = excluded.sql, dialect = excluded.dialect, saved_at = excluded.saved_at,"
                " view = excluded.view, chart = excluded.chart",
                (
                    experiment_row(connection, experiment)["id"],
                    saved.name,
                    sql,
                    dialect,
                    saved.saved_at.isoformat(),
                    view,
                    json.dumps(saved.chart),
                ),
            )
        return saved

    def saved_queries(self, experiment: str) -> list[SavedQuery]:
        """Return the saved queries by name."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "select * from saved_queries where experiment_id = ? order by name",
                (experiment_row(connection, experiment)["id"],),
            ).fetchall()
        return [_saved_query(row) for row in rows]

    def remove_query(self, experiment: str, name: str) -> None:
        """Delete a saved query; raises `NotFoundError`."""
        with self._database.transaction(is_freeing=True) as connection:
            removed = connection.execute(
                "delete from saved_queries where experiment_id = ? and name = ?",
                (experiment_row(connection, experiment)["id"], name),
            )
        if not removed.rowcount:
            hint = did_you_mean(name, [saved.name for saved in self.saved_queries(experiment)])
            raise NotFoundError(f'There is no saved query "{name}".', hint=hint)


def _past_query(row: sqlite3.Row) -> PastQuery:
    """Return a query of the history; damaged columns are reported as its error."""
    faults = Faults()
    query = PastQuery(
        faults.read("sql", as_text, row["sql"], shown(row["sql"])),
        faults.read("dialect", as_text, row["dialect"], "duckdb"),
        faults.read("asked_at", as_time, row["asked_at"], NO_TIME),
        faults.read("seconds", as_float, row["seconds"], 0.0),
        faults.read("row_count", as_integer, row["row_count"], 0),
        faults.read("error", as_text, row["error"], shown(row["error"])),
    )
    if not faults.damaged:
        return query
    return replace(query, error=f"The catalog's record of this query is damaged: {', '.join(faults.damaged)}.")


def _saved_query(row: sqlite3.Row) -> SavedQuery:
    """Return a saved query; damaged columns are reported in a comment before its text."""
    faults = Faults()
    query = SavedQuery(
        shown(row["name"]),
        faults.read("sql", as_text, row["sql"], shown(row["sql"])),
        faults.read("dialect", as_text, row["dialect"], "duckdb"),
        faults.read("saved_at", as_time, row["saved_at"], NO_TIME),
        faults.read("view", as_text, row["view"], "both"),
        faults.read("chart", as_chart, row["chart"], {}),
    )
    if not faults.damaged:
        return query
    damage = f"-- The catalog's record of this query is damaged: {', '.join(faults.damaged)}."
    return replace(query, sql=f"{damage}\n{query.sql}")


def _checked_name(name: str) -> str:
    checked = " ".join(name.split())
    if not 0 < len(checked) <= _MAX_NAME_LENGTH:
        raise WorkbenchError(
            "The query needs a name." if not checked else f"The name is longer than {_MAX_NAME_LENGTH} characters.",
            hint="Describe in a few words what it returns.",
        )
    return checked
