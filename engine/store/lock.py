"""The lock of an experiment: one change at a time, across processes.

It is a lock of the operating system, so it is released when its process dies. A small note next to it names the
holder; the note is informative only. Checking whether the lock is held briefly takes it, so a process that finds it
held without a note of a living process retries for some seconds, as any process can be
held up on a busy machine. A holder whose work is done, and visible in the
catalog, marks its note as ending: others then wait for the release.
"""

from __future__ import annotations

import getpass
import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from engine.errors import BusyError, StorageError
from engine.store.home import Home
from engine.system.durable_files import find_blocking_file, is_disk_full, temporary_name
from engine.system.processes import is_process_alive

_ACTIONS = {
    "generate": "generating data",
    "load": "loading data",
    "reset": "emptying the tables",
    "resume": "resuming a run",
    "create": "creating it",
    "delete": "deleting it",
    "recover": "recovering it",
    "update": "saving a version of its schema",
    "rename": "renaming it",
}
_RETRY_SECONDS = 10.0
_ENDING_RETRY_SECONDS = 30.0
_PAUSE_SECONDS = 0.005


@dataclass(frozen=True)
class LockOwner:
    """The holder of a lock: process, user, action, start time (ISO, UTC), and run.

    `is_ending` means that the work is done and the lock is about to be released.
    """

    process_id: int
    user: str
    action: str
    since: str
    run_id: int | None = None
    is_ending: bool = False

    def __str__(self) -> str:
        doing = _ACTIONS.get(self.action, self.action)
        run = f" (run {self.run_id})" if self.run_id is not None else ""
        since = datetime.fromisoformat(self.since).strftime("%Y-%m-%d %H:%M:%S UTC")
        return f"process {self.process_id} of {self.user} has been {doing}{run} since {since}"


class ExperimentLock:
    """The lock of one experiment, acquired without waiting; a context manager.

    `action` is generate, load, reset, resume, create or delete; empty for a lock held only briefly, which has no
    note. One thread can acquire it and another release it.
    """

    def __init__(self, home: Home, name: str, action: str = "") -> None:
        self._name = name
        self._action = action
        self._path = home.lock_path(name)
        self._note = self._path.with_name("lock.owner")
        self._lock = FileLock(self._path, thread_local=False)
        self._owner: LockOwner | None = None
        self._made_folder = False

    def acquire(self) -> Self:
        """Acquire the lock, waiting for a holder that is ending; raises `BusyError` with its holder."""
        started = time.monotonic()
        while not self.try_acquire():
            owner = self.owner()
            if owner is not None and not owner.is_ending:
                raise _busy(self._name, owner)
            retry_seconds = _RETRY_SECONDS if owner is None else _ENDING_RETRY_SECONDS
            if time.monotonic() > started + retry_seconds:
                raise _busy(self._name, owner)
            time.sleep(_PAUSE_SECONDS)
        return self

    def try_acquire(self) -> bool:
        """Acquire the lock if it is free; return whether it was. Raises `StorageError` for an unusable lock file."""
        try:
            self._make_folder()
            self._lock.acquire(blocking=False)
        except (Timeout, FileNotFoundError):  # another process may be deleting the folder
            return False
        except OSError as error:
            raise _unusable(self._name, self._path, error) from error
        if self._action:
            self._write_note(LockOwner(os.getpid(), _user(), self._action, datetime.now(UTC).isoformat()))
        return True

    def note_run(self, run_id: int) -> None:
        """Add the run to the note; the lock must be held."""
        if self._owner is not None:
            self._write_note(replace(self._owner, run_id=run_id))

    def note_ending(self) -> None:
        """Mark the note as ending, before others can see that the work is done; the lock must be held.

        If that fails, the note is removed, so that it does not claim that the work continues.
        """
        if self._owner is not None:
            self._write_note(replace(self._owner, is_ending=True))

    def owner(self) -> LockOwner | None:
        """Return the holder of the lock, or None when it is unknown or not a living process."""
        try:
            owner = LockOwner(**json.loads(self._note.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return owner if is_process_alive(owner.process_id) else None

    def release(self) -> None:
        """Release the lock; does nothing when it is not held."""
        if not self._lock.is_locked:
            return
        if self._owner is not None:
            self._owner = None
            with suppress(OSError):
                self._note.unlink(missing_ok=True)
        if self._made_folder:
            self._remove_folder()
        self._lock.release(force=True)

    def _make_folder(self) -> None:
        with suppress(FileExistsError):
            self._path.parent.mkdir()
            self._made_folder = True

    def _remove_folder(self) -> None:
        """Remove the folder created for the lock, if it has no other files."""
        self._made_folder = False
        with suppress(OSError):
            if [path.name for path in self._path.parent.iterdir()] == [self._path.name]:
                self._path.unlink()
                self._path.parent.rmdir()

    def _write_note(self, owner: LockOwner) -> None:
        self._owner = owner
        temporary = temporary_name(self._note)
        try:
            temporary.write_text(json.dumps(asdict(owner)), "utf-8")
            temporary.replace(self._note)
        except OSError:  # a full disk: the lock holds without its note
            for path in (temporary, self._note):
                with suppress(OSError):
                    path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self if self._lock.is_locked else self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def is_held(home: Home, name: str) -> bool:
    """Return whether the lock of an experiment is held, by this process or another."""
    if not home.lock_path(name).exists():
        return False
    lock = ExperimentLock(home, name)
    try:
        is_free = lock.try_acquire()
    except StorageError:  # unknown
        return True
    lock.release()
    return not is_free


def _busy(name: str, owner: LockOwner | None) -> BusyError:
    who = str(owner) if owner is not None else "another process is changing it"
    cancel = f", or cancel run {owner.run_id}" if owner is not None and owner.run_id is not None else ""
    return BusyError(f'"{name}" is busy: {who}.', hint=f"Try again when it has finished{cancel}.")


def _unusable(name: str, path: Path, error: OSError) -> StorageError:
    blocking = find_blocking_file(path.parent)
    if blocking is not None:
        return StorageError(
            f'The folder of "{name}" is missing: there is a file instead.',
            where=str(blocking),
            hint="Move that file away, and restore the folder if you have it.",
        )
    if is_disk_full(error):
        hint = "Free some space on the disk."
    elif path.is_dir():
        hint = "Move this folder away: the lock must be a file."
    else:
        hint = "Check that you may write to the home folder."
    return StorageError(f'The lock of "{name}" cannot be acquired: {error.strerror}.', where=str(path), hint=hint)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name
        return "an unnamed user"
