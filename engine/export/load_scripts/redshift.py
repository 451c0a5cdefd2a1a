"""The load script of Redshift, after Amazon's pages "COPY from columnar data formats", "Using a manifest to specify
data files", "Using COPY to load data into SUPER columns" and "Loading semi-structured data into Amazon Redshift".

Parquet is loaded by position, so the list of columns is complete and in order. A manifest for Parquet needs the size
of each file, `meta.content_length`. The text of a SUPER column is loaded as one string, which an UPDATE then parses.
"""

from __future__ import annotations

import json

from engine.export.load_scripts.tables import LoadContext, LoadScript, LoadTable, column_name
from engine.schema.types import Kind
from engine.sql.quoting import literal

_LOCATION = "s3://YOUR-BUCKET/YOUR-FOLDER"
_ROLE = "arn:aws:iam::123456789012:role/YOUR-ROLE"


def redshift_script(context: LoadContext) -> LoadScript:
    """Return the script, a COPY for each table, and a manifest for each."""
    location = (context.names.location or _LOCATION).rstrip("/")
    role = context.names.role or _ROLE
    iam_role = "default" if role == "default" else literal(role)
    head = [f"-- Copy the export to {location} first, then run ddl.sql and this script."]
    if not context.names.location:
        head.append(f"-- Replace {_LOCATION} here and in the files *.manifest, or export again with a location.")
    if not context.names.role:
        head.append("-- Replace the IAM role by one that may read the files.")
    statements, files = ["\n".join(head)], {}
    for table in context.tables:
        name = f"{table.files.folder}.manifest"
        files[name] = _manifest(table, location)
        statements.append(_copy(table, f"{location}/{name}", iam_role))
        statements += _parse_super(table)
    return LoadScript("\n\n".join(statements) + "\n", files)


def _manifest(table: LoadTable, location: str) -> bytes:
    entries = [
        {
            "url": f"{location}/{file.stored.name}",
            "mandatory": True,
            "meta": {"content_length": file.stored.size_bytes},
        }
        for file in table.files.files
    ]
    return (json.dumps({"entries": entries}, indent=1) + "\n").encode()


def _copy(table: LoadTable, url: str, iam_role: str) -> str:
    note = f"-- {table.form.note}\n" if table.form.note else ""
    lines = [
        f"{note}copy {table.name} ({table.column_names})",
        f"from {literal(url)}",
        f"iam_role {iam_role}",
        *_options(table),
    ]
    return "\n".join(lines) + ";"


def _options(table: LoadTable) -> list[str]:
    if table.form.name == "parquet":
        return ["format as parquet", "manifest serializetojson" if _supers(table) else "manifest"]
    if table.form.name == "jsonl":
        return ["format as json 'auto ignorecase'", "manifest timeformat 'auto' dateformat 'auto'"]
    zipped = " gzip" if table.form.name == "csv.gz" else ""
    null = literal(table.form.null)
    return ["format as csv", f"manifest{zipped} ignoreheader 1 null as {null} timeformat 'auto' dateformat 'auto'"]


def _supers(table: LoadTable) -> list[str]:
    return [column_name(column) for column in table.columns if column.type.kind is Kind.JSON]


def _parse_super(table: LoadTable) -> list[str]:
    """Return the statements that parse the strings of SUPER columns; CSV is parsed by COPY itself."""
    if table.form.name.startswith("csv"):
        return []
    return [
        f"update {table.name} set {name} = json_parse({name}::varchar) where is_varchar({name});"
        for name in _supers(table)
    ]
