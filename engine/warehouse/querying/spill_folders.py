"""Folders for the data that queries spill to disk: one per session, readable by its queries.

DuckDB creates the folder when needed. The name holds the process id, which identifies leftovers of killed processes.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from pathlib import Path

from engine.system.processes import is_process_alive

_NAME = re.compile(r"\.spill-(\d+)-[0-9a-f]{16}\.tmp")


def spill_folder(temp_dir: Path) -> Path:
    """Return a path in `temp_dir` that no other session uses; the folder is not created."""
    return temp_dir / f".spill-{os.getpid()}-{secrets.token_hex(8)}.tmp"


def remove_spill_folder(folder: Path) -> None:
    """Remove the folder of a closed session; does nothing if DuckDB never created it."""
    shutil.rmtree(folder, ignore_errors=True)


def sweep_spill_folders(temp_dir: Path) -> None:
    """Remove the folders of processes that no longer run."""
    for folder in temp_dir.glob(".spill-*"):
        match = _NAME.fullmatch(folder.name)
        if match is not None and folder.is_dir() and not folder.is_symlink() and not is_process_alive(int(match[1])):
            remove_spill_folder(folder)
