"""Iceberg tables: the Parquet files of an export, registered by PyIceberg's `add_files` and not written again.

The files have no field ids, so the table has a name mapping. Iceberg names files by absolute paths: the folder stays
where it is. A table is read from `metadata/v1.metadata.json`, without a catalog; `version-hint.text` says so to readers
that are given the folder. That metadata is put after the files that it names, so a table is there as a whole.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import polars as pl

from engine.errors import WorkbenchError
from engine.export.extras import import_extra
from engine.export.file_formats import arrow_schema
from engine.export.layout import exported_columns
from engine.export.manifest import TableFiles
from engine.export.places import Place
from engine.schema.models import TableSchema

NAME = "iceberg"
_METADATA, _HINT = "v1.metadata.json", "version-hint.text"


def check_iceberg(place: Place, *, is_packed: bool) -> None:
    """Raise `WorkbenchError` without PyIceberg, for a zip file, and for a place that is no folder of this machine."""
    import_extra("pyiceberg.catalog.sql", NAME, NAME)
    if is_packed or place.in_memory:
        raise WorkbenchError(
            "An Iceberg table is written to a folder of this machine: it names its files by absolute paths.",
            where=place.url,
            hint="Choose a folder, or the format delta or parquet.",
        )


def write_metadata(
    table: TableSchema, files: TableFiles, url: str, scratch: Path, kept: Collection[str]
) -> dict[str, Path | bytes]:
    """Write the metadata of one table below `scratch`; return its files by their names in the export at `url`.

    `kept` are the names that are there from before an interruption: a table that is complete is not made again.
    """
    home = f"{files.folder}/metadata"
    folder = scratch / NAME / files.folder
    folder.mkdir(parents=True)
    if f"{home}/{_METADATA}" not in kept:
        _add_files(table, files, url, folder)
        made: dict[str, Path | bytes] = {f"{home}/{path.name}": path for path in sorted(folder.glob("*.avro"))}
        (metadata,) = folder.glob("*.metadata.json")
        made[f"{home}/{_METADATA}"] = metadata
    else:
        made = {name: scratch for name in sorted(kept) if name.startswith(f"{home}/") and not name.endswith(_HINT)}
    return {**made, f"{home}/{_HINT}": b"1"}


def _add_files(table: TableSchema, files: TableFiles, url: str, folder: Path) -> None:
    sql, io = import_extra("pyiceberg.catalog.sql", NAME, NAME), import_extra("engine.export.iceberg_files", NAME, NAME)
    location = f"file://{url}/{files.folder}"
    properties = {
        "uri": "sqlite:///:memory:",
        "py-io-impl": f"{io.__name__}.ScratchIO",
        io.LOCATION: location,
        io.SCRATCH: folder.as_posix(),
    }
    types = {column.name: column.type.polars for column in exported_columns(table)}
    arrow = arrow_schema(pl.Schema(types))
    catalog = sql.SqlCatalog("export", **properties)
    try:
        catalog.create_namespace(NAME)
        with catalog.create_table_transaction((NAME, table.name), arrow, location=location) as change:
            change.add_files([f"file://{url}/{file.stored.name}" for file in files.files], check_duplicate_files=False)
    finally:
        catalog.close()
