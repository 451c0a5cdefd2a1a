"""The files of macros that translated queries call: made once for each version of their text, then only attached.

Making the macros takes a few hundred milliseconds, attaching the file a few. A dialect's file lies in the folder for
temporary files under a name that holds a hash of the text and DuckDB's version; whoever needs it first makes it.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import duckdb

from engine.durable import written
from engine.sql.quoting import quote
from engine.sql.translation.functions import macro_statements

_CATALOG = "warehouse_functions"


def macro_file(folder: Path, dialect: str) -> Path:
    """Return the file of a dialect's macros, and make it if it is not there; several processes may do so at once."""
    path = folder / f"{dialect}-functions-{_version(dialect)}.duckdb"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with written(path) as temporary:
            _make(temporary, dialect)
    return path


def attach_macros(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    """Attach the file of the macros and return the schema that belongs on the search path."""
    source = str(path).replace("'", "''")
    connection.execute(f"attach '{source}' as {quote(_CATALOG)} (read_only)")
    return f"{quote(_CATALOG)}.main"


@cache
def _version(dialect: str) -> str:
    text = "\n".join([duckdb.__version__, *macro_statements(dialect)])
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _make(path: Path, dialect: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as made")
        connection.execute("use made")
        for statement in macro_statements(dialect):
            connection.execute(statement)
        connection.execute("checkpoint made")
        connection.execute("use memory")
        connection.execute("detach made")
