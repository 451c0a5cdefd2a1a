"""Folders of exports in the background: each has the mark of the workbench, and ends with the process that made it."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from pathlib import Path

from engine.system.durable_files import make_folder, read_json_object
from engine.system.processes import is_process_alive

_NAME = re.compile(r"\.export-(\d+)-[0-9a-f]{16}\.tmp")
_MARK = "dw_sim_export.json"
_FILES = "files"
_own: set[Path] = set()


def make_job_folder(temp_dir: Path) -> Path:
    """Create a folder with its mark in `temp_dir`; the files of the export go into `files_of` it."""
    folder = temp_dir / f".export-{os.getpid()}-{secrets.token_hex(8)}.tmp"
    _own.add(folder)
    make_folder(folder)
    (folder / _MARK).write_text(json.dumps(_mark(folder)), "utf-8")
    return folder


def files_of(folder: Path) -> Path:
    """Return the folder of the files of an export."""
    return folder / _FILES


def remove_job_folder(folder: Path) -> None:
    """Remove a folder of this process; one without the mark stays."""
    if _is_marked(folder):
        shutil.rmtree(folder, ignore_errors=True)
    _own.discard(folder)


def sweep_job_folders(temp_dir: Path) -> None:
    """Remove the marked folders of processes that no longer run; another one may have got the id of this process."""
    for folder in temp_dir.glob(".export-*"):
        match = _NAME.fullmatch(folder.name)
        if match is None or folder in _own or not _is_marked(folder):
            continue
        if int(match[1]) == os.getpid() or not is_process_alive(int(match[1])):
            shutil.rmtree(folder, ignore_errors=True)


def _is_marked(folder: Path) -> bool:
    is_folder = folder.is_dir() and not folder.is_symlink()
    return is_folder and read_json_object(folder / _MARK) == _mark(folder)


def _mark(folder: Path) -> dict[str, str]:
    return {"made_by": "dw-sim", "folder": folder.name}
