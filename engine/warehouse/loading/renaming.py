"""Renaming an experiment in its warehouse file: a copy of the file whose views have the names of the new schema."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from engine.errors import DamagedError, LoadError
from engine.schema.models import ExperimentSchema
from engine.sql.quoting import literal, quote
from engine.system.durable_files import publish, temporary_name
from engine.warehouse.loading.connection import quiet_connection
from engine.warehouse.loading.layout import MAIN, layout

_TARGET = "target"


def copy_renamed(source: Path, path: Path, old: ExperimentSchema, new: ExperimentSchema) -> None:
    """Write the warehouse file `path`: that of the schema `old` under the name of `new`, with the same rows.

    Raises `DamagedError` when the source is missing or not such a file, and `LoadError` when the copy cannot be
    written; nothing is left at `path` then.
    """
    temporary = temporary_name(path)
    try:
        try:
            shutil.copyfile(source, temporary)
        except FileNotFoundError as error:
            raise DamagedError(
                f'The warehouse file of "{old.name}" is missing.',
                where=str(source),
                hint="Load a completed run or reset the tables, then rename it.",
            ) from error
        _rename_views(temporary, old, new)
        publish(temporary, path)
    except OSError as error:
        raise LoadError(
            f"The warehouse file cannot be written: {error.strerror}.",
            where=str(path),
            hint="Check the free disk space and write permissions.",
        ) from error
    except duckdb.Error as error:
        raise DamagedError(
            f'The warehouse file of "{old.name}" cannot be changed: {str(error).splitlines()[0]}',
            where=str(source),
            hint="Load a completed run or reset the tables, then rename it.",
        ) from error
    finally:
        for left in (temporary, temporary.with_name(temporary.name + ".wal")):
            left.unlink(missing_ok=True)


def _rename_views(path: Path, old: ExperimentSchema, new: ExperimentSchema) -> None:
    connection = quiet_connection()
    try:
        connection.execute(f"attach {literal(str(path))} as {_TARGET}")
        before, after = layout(old), layout(new)
        for view in before.views:
            connection.execute(f"drop view {_TARGET}.{quote(view.schema_name)}.{quote(view.name)}")
        holding = {(table.schema_name or MAIN).lower() for table in new.tables}
        kept = {name.lower() for name in after.schema_names}
        for name in before.schema_names:
            if name.lower() not in kept | holding:
                connection.execute(f"drop schema {_TARGET}.{quote(name)}")
        existing = {name.lower() for name in before.schema_names}
        for name in after.schema_names:
            if name.lower() not in existing:
                connection.execute(f"create schema {_TARGET}.{quote(name)}")
        connection.execute(f"use {_TARGET}")  # views are bound to the database in use
        for view in after.views:
            connection.execute(view.create_sql(_TARGET))
        connection.execute("use memory")
        connection.execute(f"checkpoint {_TARGET}").fetchall()
        connection.execute(f"detach {_TARGET}")
    finally:
        connection.close()
