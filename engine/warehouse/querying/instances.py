"""Locked DuckDB instances that stay open between queries, as opening one costs more than most queries.

An instance serves one session at a time, with a connection of its own for each, so that no seed, variable, temporary
object or transaction of a query outlives it. The settings belong to the instance, which stays locked. Its warehouse
files stay open for a second, as reading their blocks anew costs 10 ms for a table of 100 MB: then a file that a load
replaced or a delete removed takes no space any more. A file that is not the one that was opened is opened anew. An
instance whose query was stopped, failed while it ran, or spilled data to disk is closed instead.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Generic, TypeVar

import duckdb

from engine.sql.quoting import quote
from engine.sql.translation import Translation
from engine.warehouse.querying.spill_folders import remove_spill_folder

_KEPT_INSTANCES = 4
_KEPT_TEXTS = 500
_LONGEST_TEXT = 20_000
_OPEN_SECONDS = 1.0
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
    attached from files, with the file of each, which are open between sessions for a short time; `search_path` is set
    anew by each session. `allowed` are the texts whose tables and functions were found to be allowed, `translations`
    those by text, dialect and current experiment: both hold as long as the schemas in `key`.
    """

    connection: duckdb.DuckDBPyConnection
    key: object
    files: Mapping[str, Path]
    search_path: str
    spill: Path
    allowed: Kept[str, bool] = field(default_factory=lambda: Kept())
    translations: Kept[tuple[str, str | None, str | None], Translation] = field(default_factory=lambda: Kept())
    used: float = 0.0
    _open: dict[str, tuple[int, ...] | None] = field(default_factory=dict)

    def open_files(self, attach: Callable[[str, Path], None]) -> None:
        """Attach the catalogs whose file is not open, or is another one by now."""
        for catalog, path in self.files.items():
            found = _identity(path)
            if catalog in self._open:
                if self._open[catalog] == found:
                    continue
                self._detach(catalog)
            attach(catalog, path)
            self._open[catalog] = found

    def close_files(self) -> None:
        """Detach the warehouse files."""
        for catalog in list(self._open):
            self._detach(catalog)

    @property
    def has_open_files(self) -> bool:
        """Whether a warehouse file is attached."""
        return bool(self._open)

    def _detach(self, catalog: str) -> None:
        self.connection.execute(f"detach {quote(catalog)}")
        del self._open[catalog]

    def close(self) -> None:
        """Close the instance and remove what its queries spilled."""
        self.connection.close()
        remove_spill_folder(self.spill)


def _identity(path: Path) -> tuple[int, ...] | None:
    """Return what tells a file from one that takes its place, None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


class Instances:
    """The instances that a process keeps, the last used ones only; thread-safe."""

    def __init__(self) -> None:
        self._kept = _KeptInstances()
        self._end = weakref.finalize(self, self._kept.close)

    def take(self, key: object) -> Instance | None:
        """Return an instance that no session uses, None if there is none of that key."""
        return self._kept.take(key)

    def put(self, instance: Instance) -> None:
        """Keep an instance after its session, or close it if it cannot be used again."""
        if instance.spill.exists() or not self._end.alive:
            instance.close()
        else:
            self._kept.put(instance)

    def close(self) -> None:
        """Close all instances that no session uses; later ones are kept again."""
        self._kept.close()


class _KeptInstances:
    """Instances that no session uses, and the timer that closes their files.

    A process that was forked begins anew: in it its parent's instances have no threads, so they are left alone.
    """

    def __init__(self) -> None:
        self._inherited: list[list[Instance]] = []
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._idle: list[Instance] = []
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def _check_process(self) -> None:
        if self._process != os.getpid():
            self._inherited.append(self._idle)
            self._begin()

    def take(self, key: object) -> Instance | None:
        self._check_process()
        with self._lock:
            for index in range(len(self._idle) - 1, -1, -1):
                if self._idle[index].key == key:
                    return self._idle.pop(index)
        return None

    def put(self, instance: Instance) -> None:
        self._check_process()
        instance.used = monotonic()
        with self._lock:
            self._idle.append(instance)
            surplus = self._idle.pop(0) if len(self._idle) > _KEPT_INSTANCES else None
            self._start_timer()
        if surplus is not None:
            surplus.close()

    def close(self) -> None:
        self._check_process()
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            while self._idle:
                with suppress(duckdb.Error):
                    self._idle.pop().close()

    def _start_timer(self) -> None:
        if self._timer is None or not self._timer.is_alive():
            self._timer = threading.Timer(_OPEN_SECONDS, self._close_files)
            self._timer.name = "closing warehouse files"
            self._timer.daemon = True
            self._timer.start()

    def _close_files(self) -> None:
        """Close the files of instances that were not used for a while, and come back while there are others."""
        with self._lock:
            if self._timer is not threading.current_thread():
                return  # they were closed meanwhile
            self._timer = None
            for instance in [each for each in self._idle if each.used <= monotonic() - _OPEN_SECONDS]:
                try:
                    instance.close_files()
                except duckdb.Error:
                    self._idle.remove(instance)
                    instance.close()
            if any(each.has_open_files for each in self._idle):
                self._start_timer()
