"""An export read back: what its manifest says, once everything that it names is there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import NotFoundError, WorkbenchError, did_you_mean
from engine.export.layout import CLAIM, MANIFEST, SUCCESS
from engine.export.manifest import PartFile
from engine.export.places import Place, StoredObject

_READABLE = ("parquet", "delta", "iceberg")
_NEEDED = ("experiment", "seed", "format", "schema_sha256", "tables", "schema")


@dataclass(frozen=True)
class ExportedRun:
    """A complete export: `schema` is that of its manifest as JSON, without what its runs remember.

    `batches` are the rows of each table after each earlier run, where tables grow by their runs. `rows` are the row
    counts that the rows were made with, also of tables that were not exported; `files` has the exported ones.
    """

    url: str
    experiment: str
    seed: int
    format: str
    schema: dict[str, Any]
    schema_sha256: str
    batches: dict[str, list[int]]
    rows: dict[str, int]
    files: dict[str, tuple[PartFile, ...]]

    @property
    def size_bytes(self) -> int:
        """The size of the tables' files."""
        return sum(file.stored.size_bytes for files in self.files.values() for file in files)


def read_export(place: Place) -> ExportedRun:
    """Return what a place holds; nothing but its manifest is read.

    Raises `NotFoundError` where there is no export, and `WorkbenchError` for one that is not complete, is not Parquet,
    or lacks a file that its manifest names.
    """
    names = set(place.names())
    if MANIFEST not in names or SUCCESS not in names:
        raise _incomplete(place, names)
    try:
        found = json.loads(place.read(MANIFEST))
        missing = [key for key in _NEEDED if key not in found]
        if missing:
            raise ValueError(f"it has no {missing[0]}")
        _check_format(place, found)
        run = _read(place, found)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        reason = f"there is no {error}" if isinstance(error, KeyError) else str(error)
        raise WorkbenchError(
            f"The manifest cannot be read: {reason}.", where=f"{place.url}/{MANIFEST}", hint="Export the run again."
        ) from error
    for files in run.files.values():
        for file in files:
            if file.stored.name not in names:
                raise damaged_part(place, file.stored.name, "it is missing")
    return run


def damaged_part(place: Place, name: str, fault: str) -> WorkbenchError:
    """Return the error of a file that is not the one that the manifest names."""
    return WorkbenchError(
        f"A file of the export is damaged: {fault}.",
        where=f"{place.url}/{name}",
        hint="Delete it and resume the export: the same seed makes the same file.",
    )


def keys_of(run: ExportedRun, wanted: Mapping[str, object]) -> dict[str, str]:
    """Return the key of each named table of an export, in any case; raises `NotFoundError` for another name."""
    known = {key.casefold(): key for key in run.files}
    for name in wanted:
        if name.casefold() not in known:
            hint = did_you_mean(name, list(run.files)) or f"The tables are: {', '.join(list(run.files)[:20])}."
            raise NotFoundError(f'The export has no table "{name}".', where=run.url, hint=hint)
    return {name: known[name.casefold()] for name in wanted}


def _incomplete(place: Place, names: set[str]) -> WorkbenchError:
    if CLAIM in names or MANIFEST in names:
        return WorkbenchError(
            f"The export is not complete: there is no {SUCCESS if MANIFEST in names else MANIFEST}.",
            where=place.url,
            hint="Finish it with the command that began it and --resume, or copy all of its files.",
        )
    return NotFoundError(
        f"There is no export: no {MANIFEST}.",
        where=place.url,
        hint="Name the folder to which a run was exported; unpack a zip first.",
    )


def _check_format(place: Place, found: Mapping[str, Any]) -> None:
    others = {table["table"]: table["format"] for table in found["tables"] if table["format"] != "parquet"}
    if found["format"] in _READABLE and not others:
        return
    table = next(iter(others), "")
    raise WorkbenchError(
        f"The export is {found['format']}, which is not read back: only Parquet has the types of the values."
        if found["format"] not in _READABLE
        else f"The table is {others[table]} in this export, which is not read back.",
        where=f"{place.url}{f' ({table})' if found['format'] in _READABLE else ''}",
        hint="Export it again with --format parquet --target duckdb: the same seed has the same rows.",
    )


def _read(place: Place, found: Mapping[str, Any]) -> ExportedRun:
    schema = dict(found["schema"])
    batches = _taken_batches(schema)
    files = {
        table["table"]: tuple(
            PartFile(file["first_row"], file["rows"], StoredObject(file["name"], file["bytes"], file["sha256"]))
            for file in table["files"]
        )
        for table in found["tables"]
    }
    for key, parts in files.items():
        ends = [0, *(part.first_row + part.rows for part in parts)]
        if [part.first_row for part in parts] != ends[:-1]:
            raise ValueError(f"the files of {key} do not follow one another")
    rows = {key: sum(part.rows for part in parts) for key, parts in files.items()}
    made = found.get("all_rows") or _claimed_rows(place) or rows
    return ExportedRun(
        place.url,
        found["experiment"],
        int(found["seed"]),
        found["format"],
        schema,
        found["schema_sha256"],
        batches,
        {**{str(key): int(count) for key, count in made.items()}, **rows},
        files,
    )


def _taken_batches(schema: dict[str, Any]) -> dict[str, list[int]]:
    """Take the batches out of a schema whose tables grow by their runs: a run remembers them, not the schema."""
    if not any(table.get("grows") for table in schema["tables"]):
        return {}
    tables = [dict(table) for table in schema["tables"]]
    schema["tables"] = tables
    keys = [
        f"{table['schema_name']}.{table['name']}" if table.get("schema_name") else table["name"] for table in tables
    ]
    found = {key: table.pop("batches", []) for key, table in zip(keys, tables, strict=True)}
    return {key: ends for key, ends in found.items() if ends}


def _claimed_rows(place: Place) -> dict[str, int]:
    """Return the row counts of all tables from the claim, for manifests of earlier versions."""
    if place.stat(CLAIM) is None:
        return {}
    counts = json.loads(place.read(CLAIM)).get("all_rows")
    return counts if isinstance(counts, dict) else {}
