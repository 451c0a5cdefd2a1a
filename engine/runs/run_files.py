"""The Parquet files of a completed run, verified before they are read.

Otherwise flipped bytes in a Parquet page, or a file of another run, would be read without an error.
"""

from __future__ import annotations

from pathlib import Path

from engine.errors import LoadError
from engine.generation.parts import part_files, part_name
from engine.schema.models import ExperimentSchema
from engine.store.catalog import Catalog
from engine.store.home import Home
from engine.store.records import Run


def verify_files(home: Home, catalog: Catalog, schema: ExperimentSchema, run: Run) -> dict[str, list[Path]]:
    """Verify the files of a run and return them by table key, in row order.

    Raises `LoadError` for a missing, changed or unknown file. A run of an early version has no checksums; then only
    the existence of its files is checked.
    """
    files = _find_files(home, schema, run)
    noted = catalog.parts(run.experiment, run.id)
    again = f"Generate again with the seed {run.seed}: the data is the same."
    for key, parts in noted.items():
        for part in parts:
            path = files.get(key, {}).get(part.number)
            fault = "it is missing" if path is None else part.fault(path)
            if fault:
                raise LoadError(
                    f"A Parquet file of run {run.id} is damaged: {fault}.",
                    where=f"{key} ({path or part_name(part.number)})",
                    hint=again,
                )
    for key, found in files.items() if noted else ():
        numbers = {part.number for part in noted.get(key, ())}
        for number, path in found.items():
            if number not in numbers:
                raise LoadError(
                    f"A Parquet file is not one of run {run.id}.",
                    where=f"{key} ({path})",
                    hint=f"Move it away. {again}",
                )
    return {key: list(found.values()) for key, found in files.items()}


def _find_files(home: Home, schema: ExperimentSchema, run: Run) -> dict[str, dict[int, Path]]:
    folder = Path(run.output_dir) if run.output_dir else home.run_dir(schema.name, run.id)
    files = {table.key: part_files(home.table_dir(folder, table.key)) for table in schema.tables}
    for key, found in files.items():
        if not found:
            raise LoadError(
                f"The files of run {run.id} are missing: there is no Parquet file for {key}.",
                where=str(home.table_dir(folder, key)),
                hint=f"Generate again with the seed {run.seed}: the data is the same.",
            )
    return files
