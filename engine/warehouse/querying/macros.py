"""Files of the macros that translated queries call: created once per version of their text, then attached.

Creating the macros takes a few hundred milliseconds, attaching the file a few. A dialect's file is in the temporary
folder; its name holds a hash of the text and DuckDB's version. The first session that needs it creates it, or copies
the one that its process made for another home folder.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path

import duckdb

from engine.sql.quoting import literal, quote
from engine.sql.translation.functions import macro_statements, names_of_macros
from engine.system.durable_files import is_disk_full, write_atomically
from engine.warehouse.querying.hash_functions import NAMES

_CATALOG = "warehouse_functions"
_made: dict[str, Path] = {}  # the last file that this process made, by its name
_making = threading.Lock()


def macro_file(folder: Path, dialect: str) -> Path:
    """Return the path of a dialect's macro file, which the first session that attaches it creates.

    A session creates it in its own process: in a server, each of the hundreds of statements would wait for the threads
    of others, a minute in all on a busy machine.
    """
    return folder / f"{dialect}-functions-{_version(dialect)}.duckdb"


def attach_macros(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    """Attach the macro file and return its schema for the search path.

    A missing file is created; several processes may do so at once. Where it cannot be written, as on a full disk, the
    macros are created in the session's memory.
    """
    dialect = path.name.partition("-")[0]
    if not path.exists() and not _create_file(path, dialect):
        return make_macros(connection, dialect)
    connection.execute(f"attach {literal(str(path))} as {quote(_CATALOG)} (read_only)")
    return f"{quote(_CATALOG)}.main"


def make_macros(connection: duckdb.DuckDBPyConnection, dialect: str) -> str:
    """Create the macros of a dialect in the session's memory and return their schema for the search path."""
    connection.execute(f"attach ':memory:' as {quote(_CATALOG)}")
    _create_macros(connection, _CATALOG, dialect)
    return f"{quote(_CATALOG)}.main"


def _create_file(path: Path, dialect: str) -> bool:
    """Create the file and return whether it could be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _making:  # two threads at once would take twice as long
            if not path.exists():
                with write_atomically(path) as temporary:
                    if not _copy_made(temporary, path.name):
                        _write_macros(temporary, dialect)
            _made[path.name] = path
    except (duckdb.Error, OSError) as error:
        if isinstance(error, duckdb.IOException | OSError) or is_disk_full(error):
            return False
        raise
    return True


def _copy_made(path: Path, name: str) -> bool:
    """Copy the file that this process made, and return whether it is still there."""
    with suppress(FileNotFoundError):
        if name in _made:
            shutil.copyfile(_made[name], path)
            return True
    return False


@cache
def macro_names() -> frozenset[str]:
    """Return the names of the functions that translated queries call, in all dialects, in lower case."""
    return frozenset(names_of_macros()) | NAMES


@cache
def _version(dialect: str) -> str:
    text = "\n".join([duckdb.__version__, *macro_statements(dialect)])
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _write_macros(path: Path, dialect: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as made")
        _create_macros(connection, "made", dialect)
        connection.execute("checkpoint made")
        connection.execute("detach made")


def _create_macros(connection: duckdb.DuckDBPyConnection, catalog: str, dialect: str) -> None:
    connection.execute(f"use {quote(catalog)}")
    for statement in macro_statements(dialect):
        connection.execute(statement)
    connection.execute("use memory")
