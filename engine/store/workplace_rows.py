"""What a person works with on an experiment, in the catalog: query tabs, long queries of links, and the board.

A tab belongs to a browser. Two windows of it may change one tab: a change names the revision it was based on, and one
that comes too late is refused, so that its text can go into a tab of its own.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b

from engine.errors import NotFoundError
from engine.store.database import Database
from engine.store.experiment_rows import experiment_row
from engine.store.fields import Faults, as_chart, as_integer, as_text, shown

MAX_TABS = 200
"""Tabs kept for an experiment, of all browsers; the ones unchanged for longest are deleted."""

MAX_DRAFTS = 500
"""Long queries of links kept for an experiment; the oldest are deleted."""


@dataclass(frozen=True)
class QueryTab:
    """A tab of the query page: its text, and how its result is shown; `revision` counts its changes."""

    id: str
    title: str
    sql: str
    dialect: str
    view: str = ""
    chart: Mapping[str, str] = field(default_factory=dict)
    revision: int = 0
    changed_at: str = ""


@dataclass(frozen=True)
class BoardItem:
    """A saved query on the board, shown as `view` "chart" or "table", `width` columns wide."""

    query: str
    view: str
    width: int


class WorkplaceRows:
    """Queries and changes of tabs, drafts of links and boards."""

    _database: Database

    def query_tabs(self, experiment: str, browser: str) -> list[QueryTab]:
        """Return the tabs of a browser in their order."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "select * from query_tabs where experiment_id = ? and browser = ? order by position, id",
                (experiment_row(connection, experiment)["id"], browser),
            ).fetchall()
        return [_tab(row) for row in rows]

    def add_tab(self, experiment: str, browser: str, tab: QueryTab) -> QueryTab:
        """Add a tab as the last one, with a new id, and return it."""
        added = QueryTab(secrets.token_hex(6), tab.title, tab.sql, tab.dialect, tab.view, dict(tab.chart))
        with self._database.transaction(is_durable=False) as connection:
            experiment_id = experiment_row(connection, experiment)["id"]
            connection.execute(
                "insert into query_tabs select ?, ?, ?, coalesce(max(position), 0) + 1, 0, ?, ?, ?, ?, ?, ?"
                " from query_tabs where experiment_id = ? and browser = ?",
                (experiment_id, browser, added.id, *_content(added), _now(), experiment_id, browser),
            )
            connection.execute(
                "delete from query_tabs where experiment_id = ? and (browser, id) not in (select browser, id from"
                " query_tabs where experiment_id = ? order by changed_at desc limit ?)",
                (experiment_id, experiment_id, MAX_TABS),
            )
        return added

    def change_tab(self, experiment: str, browser: str, tab: QueryTab) -> QueryTab | None:
        """Save a tab and return it with its next revision; None when it was changed or closed since `tab.revision`."""
        with self._database.transaction(is_durable=False) as connection:
            changed = connection.execute(
                "update query_tabs set revision = revision + 1, title = ?, sql = ?, dialect = ?, view = ?, chart = ?,"
                " changed_at = ? where experiment_id = ? and browser = ? and id = ? and revision = ?",
                (
                    *_content(tab),
                    _now(),
                    experiment_row(connection, experiment)["id"],
                    browser,
                    tab.id,
                    tab.revision,
                ),
            )
        if not changed.rowcount:
            return None
        return QueryTab(tab.id, tab.title, tab.sql, tab.dialect, tab.view, dict(tab.chart), tab.revision + 1)

    def remove_tab(self, experiment: str, browser: str, tab_id: str) -> None:
        """Delete a tab; does nothing when it is gone."""
        with self._database.transaction(is_durable=False) as connection:
            connection.execute(
                "delete from query_tabs where experiment_id = ? and browser = ? and id = ?",
                (experiment_row(connection, experiment)["id"], browser, tab_id),
            )

    def add_draft(self, experiment: str, sql: str) -> str:
        """Store the text of a long query and return its id, which is the same for the same text."""
        draft_id = blake2b(sql.encode(), digest_size=8).hexdigest()
        with self._database.transaction(is_durable=False) as connection:
            experiment_id = experiment_row(connection, experiment)["id"]
            connection.execute(
                "insert into query_drafts values (?, ?, ?, ?)"
                " on conflict (experiment_id, id) do update set changed_at = excluded.changed_at",
                (experiment_id, draft_id, sql, _now()),
            )
            connection.execute(
                "delete from query_drafts where experiment_id = ? and id not in"
                " (select id from query_drafts where experiment_id = ? order by changed_at desc limit ?)",
                (experiment_id, experiment_id, MAX_DRAFTS),
            )
        return draft_id

    def draft(self, experiment: str, draft_id: str) -> str:
        """Return the text of a stored query; raises `NotFoundError`."""
        with self._database.reading() as connection:
            row = connection.execute(
                "select sql from query_drafts where experiment_id = ? and id = ?",
                (experiment_row(connection, experiment)["id"], draft_id),
            ).fetchone()
        if row is None:
            raise NotFoundError(
                "The query of this link is no longer stored.", hint="Ask for a new link, or save the query by name."
            )
        return shown(row["sql"])

    def board_items(self, experiment: str) -> list[BoardItem]:
        """Return what is on the board, in order."""
        with self._database.reading() as connection:
            return _items(connection, experiment_row(connection, experiment)["id"])

    def change_board(
        self, experiment: str, change: Callable[[list[BoardItem]], Sequence[BoardItem]]
    ) -> list[BoardItem]:
        """Replace what is on the board by what `change` makes of it, in one transaction, and return it.

        Items whose query is not saved are left out.
        """
        with self._database.transaction() as connection:
            experiment_id = experiment_row(connection, experiment)["id"]
            items = change(_items(connection, experiment_id))
            connection.execute("delete from board_items where experiment_id = ?", (experiment_id,))
            connection.executemany(
                "insert into board_items (experiment_id, query, view, position, width)"
                " select experiment_id, name, ?, ?, ? from saved_queries where experiment_id = ? and name = ?",
                [
                    (item.view, position, item.width, experiment_id, item.query)
                    for position, item in enumerate(items, start=1)
                ],
            )
            return _items(connection, experiment_id)

    def recently_used(self) -> list[str]:
        """Return the names of all experiments: last the one that was neither changed, run nor queried for longest."""
        uses = (
            "(select max(started_at) from runs where experiment_id = experiments.id)",
            "(select max(asked_at) from past_queries where experiment_id = experiments.id)",
            "(select max(changed_at) from query_tabs where experiment_id = experiments.id)",
        )
        last = ", ".join(f"coalesce({use}, '')" for use in uses)
        with self._database.reading() as connection:
            rows = connection.execute(f"select name from experiments order by max(created_at, {last}) desc, id desc")
            return [shown(row["name"]) for row in rows]


def _content(tab: QueryTab) -> tuple[str, ...]:
    return tab.title, tab.sql, tab.dialect, tab.view, json.dumps(dict(tab.chart))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _tab(row: sqlite3.Row) -> QueryTab:
    """Return a tab; what is damaged in it is empty."""
    faults = Faults()
    return QueryTab(
        shown(row["id"]),
        shown(row["title"]),
        shown(row["sql"]),
        faults.read("dialect", as_text, row["dialect"], "duckdb"),
        faults.read("view", as_text, row["view"], ""),
        faults.read("chart", as_chart, row["chart"], {}),
        faults.read("revision", as_integer, row["revision"], 0),
        shown(row["changed_at"]),
    )


def _items(connection: sqlite3.Connection, experiment_id: int) -> list[BoardItem]:
    rows = connection.execute(
        "select name as query, board_items.view, width from board_items join saved_queries"
        " on saved_queries.experiment_id = board_items.experiment_id and name = query"
        " where board_items.experiment_id = ? order by position, query, board_items.view",
        (experiment_id,),
    )
    return [_item(row) for row in rows]


def _item(row: sqlite3.Row) -> BoardItem:
    faults = Faults()
    width = faults.read("width", as_integer, row["width"], 1)
    return BoardItem(shown(row["query"]), "table" if row["view"] == "table" else "chart", width)
