"""Drafts of the schema editor in the catalog: what a browser has typed and not saved, by experiment or for a new one.

Two windows of a browser may go on from one draft: a change names the revision it was based on, and one that comes too
late becomes a draft of its own, so that no input is lost.
"""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.store.database import Database
from engine.store.experiment_rows import experiment_row
from engine.store.fields import Faults, as_integer, shown

MAX_EDITOR_DRAFTS = 100
"""Drafts kept of all browsers; the ones unchanged for longest are deleted."""


@dataclass(frozen=True)
class EditorDraft:
    """What was typed in the schema editor, as text; `revision` counts its changes, the empty `id` is a new draft."""

    content: str
    id: str = ""
    revision: int = 0
    changed_at: datetime | None = None


class DraftRows:
    """Queries and changes of the editor's drafts."""

    _database: Database

    def editor_draft(self, browser: str, experiment: str | None) -> EditorDraft | None:
        """Return the draft of a browser that was changed last, of an experiment or of a new one (None)."""
        with self._database.reading() as connection:
            row = connection.execute(
                "select * from editor_drafts where browser = ? and experiment_id is ? order by changed_at desc limit 1",
                (browser, _experiment_id(connection, experiment)),
            ).fetchone()
        if row is None:
            return None
        faults = Faults()
        changed_at = faults.read("changed_at", _as_time, row["changed_at"], datetime.now(UTC))
        return EditorDraft(
            shown(row["content"]), shown(row["id"]), faults.read("revision", as_integer, row["revision"], 0), changed_at
        )

    def save_editor_draft(self, browser: str, experiment: str | None, draft: EditorDraft) -> EditorDraft:
        """Save a draft and return it with its next revision; under a new id if it was changed or deleted since."""
        now = datetime.now(UTC)
        with self._database.transaction(is_durable=False) as connection:
            changed = connection.execute(
                "update editor_drafts set revision = revision + 1, content = ?, changed_at = ?"
                " where browser = ? and id = ? and revision = ?",
                (draft.content, now.isoformat(timespec="microseconds"), browser, draft.id, draft.revision),
            )
            if changed.rowcount:
                return EditorDraft(draft.content, draft.id, draft.revision + 1, now)
            added = EditorDraft(draft.content, secrets.token_hex(6), 0, now)
            connection.execute(
                "insert into editor_drafts values (?, ?, ?, 0, ?, ?)",
                (
                    browser,
                    added.id,
                    _experiment_id(connection, experiment),
                    added.content,
                    now.isoformat(timespec="microseconds"),
                ),
            )
            connection.execute(
                "delete from editor_drafts where id not in"
                " (select id from editor_drafts order by changed_at desc limit ?)",
                (MAX_EDITOR_DRAFTS,),
            )
        return added

    def remove_editor_draft(self, browser: str, draft_id: str) -> None:
        """Delete a draft; does nothing when it is gone."""
        with self._database.transaction(is_durable=False) as connection:
            connection.execute("delete from editor_drafts where browser = ? and id = ?", (browser, draft_id))


def _experiment_id(connection: sqlite3.Connection, experiment: str | None) -> int | None:
    return None if experiment is None else int(experiment_row(connection, experiment)["id"])


def _as_time(value: object) -> datetime:
    return datetime.fromisoformat(str(value))
