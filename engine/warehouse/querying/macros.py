"""The files of macros that translated queries call: made once for each version of their text, then only attached.

Making the macros takes a few hundred milliseconds, attaching the file a few. A dialect's file lies in the folder for
temporary files under a name that holds a hash of the text and DuckDB's version; whoever needs it first makes it.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import duckdb

from engine.sql.quoting import literal, quote
from engine.sql.translation.functions import macro_statements, names_of_macros
from engine.system.durable_files import is_disk_full, write_atomically
from engine.warehouse.querying.hash_functions import NAMES

_CATALOG = "warehouse_functions"


def macro_file(folder: Path, dialect: str) -> Path:
    """Return where the file of a dialect's macros is, or is to be made by the first session that attaches it.

    A session makes it in its own process: in a server, each of the hundreds of statements would wait for the threads
    of others, a minute in all on a busy machine.
    """
    return folder / f"{dialect}-functions-{_version(dialect)}.duckdb"


def attach_macros(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    """Attach the file of the macros, and return the schema that belongs on the search path.

    A file that is not there is made, which several processes may do at once; where it cannot be written, as on a full
    disk, the macros are made for the session alone.
    """
    dialect = path.name.partition("-")[0]
    if not path.exists() and not _is_made(path, dialect):
        connection.execute(f"attach ':memory:' as {quote(_CATALOG)}")
        _create(connection, _CATALOG, dialect)
        return f"{quote(_CATALOG)}.main"
    connection.execute(f"attach {literal(str(path))} as {quote(_CATALOG)} (read_only)")
    return f"{quote(_CATALOG)}.main"


def _is_made(path: Path, dialect: str) -> bool:
    """Make the file, and return whether it could be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with write_atomically(path) as temporary:
            _make(temporary, dialect)
    except (duckdb.Error, OSError) as error:
        if isinstance(error, duckdb.IOException | OSError) or is_disk_full(error):
            return False
        raise
    return True


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
    connection.execute(f"use {quote(catalog)}")
    for statement in macro_statements(dialect):
        connection.execute(statement)
    connection.execute("use memory")
