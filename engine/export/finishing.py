"""What an export has besides the files of its tables: scripts, and what is made of the tables' files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import polars as pl

from engine.export.dbt_project import KEY_TESTS, SEEDS, SOURCES, key_tests_sql, seeds_yaml, sources_yaml
from engine.export.delta_tables import write_log
from engine.export.iceberg_tables import write_metadata
from engine.export.inserts import render_rows
from engine.export.layout import DDL, LOAD, exported_columns, exported_schema
from engine.export.load_scripts.duckdb import duckdb_script
from engine.export.load_scripts.redshift import redshift_script
from engine.export.load_scripts.snowflake import snowflake_script
from engine.export.load_scripts.tables import LoadContext, LoadScript, LoadTable
from engine.export.manifest import TableFiles
from engine.export.request import ExportRequest
from engine.export.table_files import TableOutput
from engine.export.workbooks import write_workbook
from engine.sql.ddl_export import export_ddl, sort_tables

_SCRIPTS = {"duckdb": duckdb_script, "redshift": redshift_script, "snowflake": snowflake_script}


def finish(
    request: ExportRequest,
    url: str,
    scratch: Path,
    outputs: Sequence[TableOutput],
    tables: Sequence[TableFiles],
    there: Collection[str],
) -> dict[str, bytes | Path]:
    """Return the further objects of an export by name, in the order in which they are put.

    `there` are the names of those that are there from before an interruption.
    """
    found: dict[str, bytes | Path] = {}
    order = sort_tables(exported_schema(request.schema, request.tables, request.target))
    match request.format:
        case "duckdb":
            found[f"{request.schema.name}.duckdb"] = _database(request, scratch, outputs)
        case "xlsx":
            found[f"{request.schema.name}.xlsx"] = _workbook(scratch, outputs)
        case "sql":
            found[LOAD] = _inserts(request, scratch, outputs, [table.key for table in order])
        case "dbt":
            return _dbt(request, outputs)
        case "delta":
            for output, files in zip(outputs, tables, strict=True):
                found |= write_log(output.plan.table, files, scratch)
        case "iceberg":
            for output, files in zip(outputs, tables, strict=True):
                found |= write_metadata(output.plan.table, files, url, scratch, there)
        case _:
            script = load_script(request, url, outputs, tables)
            found |= script.files
            found[LOAD] = script.text.encode()
    return {DDL: ddl_script(request).encode(), **found}


def ddl_script(request: ExportRequest) -> str:
    """Return the script that creates the tables in the target."""
    return export_ddl(exported_schema(request.schema, request.tables, request.target), request.target)


def load_script(
    request: ExportRequest, url: str, outputs: Sequence[TableOutput], tables: Sequence[TableFiles]
) -> LoadScript:
    """Return the script that fills the tables of the target, parents before children."""
    pairs = zip(outputs, tables, strict=True)
    by_key = {output.key: LoadTable(output.plan.table, output.form, files) for output, files in pairs}
    order = sort_tables(exported_schema(request.schema, request.tables, request.target))
    context = LoadContext(request.schema.name, [by_key[table.key] for table in order], url, request.names)
    return _SCRIPTS[request.target](context)


def _database(request: ExportRequest, scratch: Path, outputs: Sequence[TableOutput]) -> Path:
    from engine.warehouse.loading.load import build_warehouse

    schema = exported_schema(request.schema, request.tables, "duckdb")
    tables = [table.model_copy(update={"columns": exported_columns(table)}) for table in schema.tables]
    path = scratch / "database.duckdb"
    parts = {output.key: _parts(scratch, output) for output in outputs}
    counts = {output.key: output.plan.rows for output in outputs}
    build_warehouse(path, schema.model_copy(update={"tables": tables}), parts, counts)
    return path


def _workbook(scratch: Path, outputs: Sequence[TableOutput]) -> Path:
    path = scratch / "workbook.xlsx"
    write_workbook(path, [(output.plan.table, _parts(scratch, output)) for output in outputs])
    return path


def _inserts(request: ExportRequest, scratch: Path, outputs: Sequence[TableOutput], order: Sequence[str]) -> Path:
    """Write the INSERTs of all tables, parents before children."""
    by_key = {output.key: output for output in outputs}
    path = scratch / "inserts.sql"
    with path.open("w", encoding="utf-8", newline="\n") as script:
        script.write("-- Run ddl.sql first, then this script.\n")
        for key in order:
            frame = pl.read_parquet(_parts(scratch, by_key[key]))
            script.writelines(f"\n{text}" for text in render_rows(by_key[key].plan.table, frame, request.target))
    return path


def _dbt(request: ExportRequest, outputs: Sequence[TableOutput]) -> dict[str, bytes | Path]:
    schema = exported_schema(request.schema, request.tables, request.target)
    tables = [output.plan.table for output in outputs]
    names = {output.key: output.name.removeprefix("seeds/").removesuffix(".csv") for output in outputs}
    found: dict[str, bytes | Path] = {
        SEEDS: seeds_yaml(tables, names, request.target),
        SOURCES: sources_yaml(schema, schema.tables),
    }
    key_tests = key_tests_sql(schema.tables)
    return {**found, KEY_TESTS: key_tests} if key_tests else found


def _parts(scratch: Path, output: TableOutput) -> list[Path]:
    return sorted((scratch / output.folder).glob("part-*.parquet"))
