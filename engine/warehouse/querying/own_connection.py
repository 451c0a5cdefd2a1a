"""A DuckDB connection for the user's own code: read-only, on a file of its own, without the sandbox of queries.

A load deletes the warehouse file that it replaces. The connection therefore opens another name of the file (a hard
link, or a copy where the disk has none) in a folder of its own, which is swept as spilled data is.
"""

from __future__ import annotations

import shutil
import sys
import weakref
from contextlib import suppress
from pathlib import Path

import duckdb

from engine.errors import DamagedError
from engine.settings import Settings
from engine.sql.quoting import literal
from engine.warehouse.querying.spill_folders import remove_spill_folder, spill_folder

OwnConnection = duckdb.DuckDBPyConnection
_FILE = "experiment_tables.duckdb"  # its catalog in DuckDB: no schema or experiment is likely to be called so


def open_own_connection(warehouse: Path, temp_dir: Path, settings: Settings) -> OwnConnection:
    """Open a warehouse file read-only, with UTC and the limits of `settings`.

    Raises `FileNotFoundError` when the file is gone, and `DamagedError` when it is no database.
    """
    folder = spill_folder(temp_dir)
    folder.mkdir()
    file = folder / _FILE
    try:
        _link_or_copy(warehouse, file)
        connection = _open(file, folder / "spilled", settings)
    except BaseException as error:
        remove_spill_folder(folder)
        if isinstance(error, duckdb.Error):
            reason = str(error).splitlines()[0].replace(str(file), warehouse.name)
            raise DamagedError(
                f"The warehouse file cannot be opened: {reason}",
                where=str(warehouse),
                hint="Load a completed run again, or reset the tables.",
            ) from error
        raise
    if sys.platform != "win32":  # an open file needs no name, so not even a killed process leaves it behind
        file.unlink()
    weakref.finalize(connection, remove_spill_folder, folder)
    return connection


def _open(file: Path, spill: Path, settings: Settings) -> OwnConnection:
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{settings.query_memory_mb}MB",
        "temp_directory": str(spill),
    }
    if settings.threads:
        config["threads"] = settings.threads
    connection = duckdb.connect(str(file), read_only=True, config=config)
    with suppress(duckdb.InvalidInputException):  # a notebook without the widgets package draws no bar
        connection.execute("set enable_progress_bar = false")
    connection.execute(f"set TimeZone = {literal('UTC')}")
    return connection


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, target)
