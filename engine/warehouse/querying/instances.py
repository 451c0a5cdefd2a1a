"""Locked DuckDB instances that stay open between queries, as opening one costs more than most queries.

An instance serves one session at a time, with a connection of its own for each, so that no seed, variable, temporary
object or transaction of a query outlives it. The settings belong to the instance, which stays locked. Between two
sessions no warehouse file is open: a load may replace it, and a delete remove it. An instance whose query was stopped,
failed while it ran, or spilled data to disk is closed instead.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

import duckdb

from engine.sql.quoting import quote
from engine.sql.translation import Translation
from engine.warehouse.querying.spill_folders import remove_spill_folder

_KEPT_INSTANCES = 4
_KEPT_TEXTS = 500
_LONGEST_TEXT = 20_000
Text = TypeVar("Text", str, tuple[str, str | None, str | None])
Found = TypeVar("Found")


class Kept(Generic[Text, Found]):
    """What was found out about short texts; it forgets all when it is full."""

    def __init__(self) -> None:
        self._found: dict[Text, Found] = {}

    def get(self, key: Text) -> Found | None:
        """Return what is known, None if nothing is."""
        return self._found.get(key)

    def put(self, key: Text, found: Found) -> None:
        """Keep what was found, unless the text is long."""
        if len(key if isinstance(key, str) else key[0]) <= _LONGEST_TEXT:
            if len(self._found) >= _KEPT_TEXTS:
                self._found.clear()
            self._found[key] = found


@dataclass(eq=False)
class Instance:
    """One locked DuckDB instance.

    `key` is everything that made it as it is: two sessions of equal keys may use it in turn. `files` are the catalogs
    attached from files, which are detached between sessions; `search_path` is set anew by each session. `allowed` are
    the texts whose tables and functions were found to be allowed, `translations` those by text, dialect and current
    experiment: both hold as long as the schemas in `key`.
    """

    connection: duckdb.DuckDBPyConnection
    key: object
    files: Sequence[str]
    search_path: str
    spill: Path
    allowed: Kept[str, bool] = field(default_factory=lambda: Kept())
    translations: Kept[tuple[str, str | None, str | None], Translation] = field(default_factory=lambda: Kept())
    process: int = field(default_factory=os.getpid)

    def release(self) -> bool:
        """Detach the warehouse files, and return whether the instance is as it was before its session."""
        if self.spill.exists():
            return False
        try:
            for catalog in self.files:
                self.connection.execute(f"detach {quote(catalog)}")
        except duckdb.Error:
            return False
        return True

    def close(self) -> None:
        """Close the instance and remove what its queries spilled."""
        self.connection.close()
        remove_spill_folder(self.spill)


class Instances:
    """The instances that a process keeps, the last used ones only; thread-safe."""

    def __init__(self) -> None:
        self._idle: list[Instance] = []
        self._lock = threading.Lock()
        self._end = weakref.finalize(self, _close_all, self._idle)

    def take(self, key: object) -> Instance | None:
        """Return an instance that no session uses, None if there is none of that key."""
        with self._lock:
            for index in range(len(self._idle) - 1, -1, -1):
                if self._idle[index].process == os.getpid() and self._idle[index].key == key:
                    return self._idle.pop(index)
        return None

    def put(self, instance: Instance) -> None:
        """Keep an instance after its session, or close it if it cannot be used again."""
        if not instance.release() or not self._end.alive:
            instance.close()
            return
        with self._lock:
            self._idle.append(instance)
            surplus = self._idle.pop(0) if len(self._idle) > _KEPT_INSTANCES else None
        if surplus is not None:
            surplus.close()

    def close(self) -> None:
        """Close all instances that no session uses; later ones are kept again."""
        with self._lock:
            _close_all(self._idle)


def _close_all(instances: list[Instance]) -> None:
    while instances:
        instance = instances.pop()
        if instance.process == os.getpid():
            with suppress(duckdb.Error):
                instance.close()
