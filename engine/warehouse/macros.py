"""The files of macros that translated queries call: made once for each version of their text, then only attached.

Making the macros takes a few hundred milliseconds, attaching the file a few. A dialect's file lies in the folder for
temporary files under a name that holds a hash of the text and DuckDB's version; whoever needs it first makes it. On a
full disk there is none, and each session makes the macros for itself.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import duckdb

from engine.durable import is_disk_full, written
from engine.sql.quoting import quote
from engine.sql.translation.functions import macro_statements, names_of_macros
from engine.warehouse.hashes import NAMES

_CATALOG = "warehouse_functions"


def macro_file(folder: Path, dialect: str) -> Path:
    """Return the file of a dialect's macros, and make it if it is not there; several processes may do so at once.

    It is not there when the disk is full.
    """
    path = macro_path(folder, dialect)
    if not path.exists():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with written(path) as temporary:
                _make(temporary, dialect)
        except (duckdb.Error, OSError) as error:
            if not is_disk_full(error):
                raise
    return path


def macro_path(folder: Path, dialect: str) -> Path:
    """Return where the file of a dialect's macros is, or is to be made by the first session that attaches it.

    A session makes it in its own process: in a server, each of the hundreds of statements would wait for the threads
    of others, a minute in all on a busy machine.
    """
    return folder / f"{dialect}-functions-{_version(dialect)}.duckdb"


def attach_macros(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    """Attach the file of the macros, or make them, and return the schema that belongs on the search path."""
    if not macro_file(path.parent, path.name.partition("-")[0]).exists():
        connection.execute(f"attach ':memory:' as {quote(_CATALOG)}")
        _create(connection, _CATALOG, path.name.partition("-")[0])
        return f"{quote(_CATALOG)}.main"
    source = str(path).replace("'", "''")
    connection.execute(f"attach '{source}' as {quote(_CATALOG)} (read_only)")
    return f"{quote(_CATALOG)}.main"


@cache
def macro_names() -> frozenset[str]:
    """Return the names of the functions that translated queries call, in all dialects, in lower case."""
    return frozenset(names_of_macros()) | NAMES


@cache
def _version(dialect: str) -> str:
    text = "\n".join([duckdb.__version__, *macro_statements(dialect)])
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _make(path: Path, dialect: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as made")
        _create(connection, "made", dialect)
        connection.execute("checkpoint made")
        connection.execute("detach made")


def _create(connection: duckdb.DuckDBPyConnection, catalog: str, dialect: str) -> None:
    """Make the macros in one call: hundreds would each wait for the other threads of a busy server."""
    connection.execute(";\n".join([f"use {quote(catalog)}", *macro_statements(dialect), "use memory"]))
