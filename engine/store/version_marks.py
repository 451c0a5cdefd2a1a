"""The files of schema versions in an experiment's folder, from which a lost catalog gets them back.

The folder's mark has the current schema only. A file `schema-<number>.json` has one version and is never changed, so it
is written without the experiment's lock. An experiment with a single version has none.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from engine.schema.files import schema_to_json
from engine.schema.models import ExperimentSchema
from engine.store.fields import stored_schema
from engine.store.home import Home
from engine.system.durable_files import read_json_object, write_atomically

_FORMAT = 1
_KIND = "dw-sim schema version"


@dataclass(frozen=True)
class VersionMark:
    """A version of a schema as it is kept in its file."""

    number: int
    saved_at: datetime
    schema: ExperimentSchema
    note: str = ""
    changes: str = ""


def write_version_mark(home: Home, name: str, created_at: datetime, mark: VersionMark) -> None:
    """Write the file of a version of the experiment that was created at `created_at`.

    If that fails, as on a full disk, it is written at the next opening: the catalog has the version.
    """
    data = {
        "format": _FORMAT,
        "kind": _KIND,
        "created_at": created_at.isoformat(),
        "version": mark.number,
        "saved_at": mark.saved_at.isoformat(),
        "note": mark.note,
        "changes": mark.changes,
        "schema": json.loads(schema_to_json(mark.schema)),
    }
    with suppress(OSError), write_atomically(home.version_path(name, mark.number)) as unfinished:
        unfinished.write_text(json.dumps(data) + "\n", "utf-8")


def read_version_marks(home: Home, name: str, created_at: datetime) -> list[VersionMark]:
    """Return the versions that have files, by number; unreadable files and those of another experiment are left out."""
    marks = []
    for number, path in sorted(home.version_files(name).items()):
        data = read_json_object(path)
        try:
            if data.get("kind") != _KIND or data["format"] != _FORMAT or data["version"] != number:
                continue
            if datetime.fromisoformat(data["created_at"]) != created_at:
                continue
            schema = stored_schema(json.dumps(data["schema"]))
            saved_at = datetime.fromisoformat(data["saved_at"])
            marks.append(VersionMark(number, saved_at, schema, str(data["note"]), str(data["changes"])))
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    return marks
