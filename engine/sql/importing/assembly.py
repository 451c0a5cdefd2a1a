"""Assembly of table drafts into the schema of an experiment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from engine.schema.foreign_keys import CompositeForeignKey, ForeignKey
from engine.schema.limits import MAX_COMMENT
from engine.schema.models import ColumnSchema, Dialect, ExperimentSchema, TableSchema
from engine.sql.importing.inserted_rows import with_inserted_rows
from engine.sql.importing.keys import TableKeys, column_name, explain_surrogate, resolve_keys
from engine.sql.importing.notes import ImportNote, Place
from engine.sql.importing.references import Reference, References
from engine.sql.importing.script_state import Script
from engine.sql.importing.table_drafts import ColumnDraft, TableDraft


def assemble(script: Script, name: str) -> ExperimentSchema:
    """Resolve the keys and foreign keys of all tables and return the schema; add a note for each key ignored."""
    keys = {table.key: resolve_keys(table, script.log) for table in script.tables.values()}
    references = References(script, keys)
    references.resolve()
    tables = [_build_table(table, keys[table.key], references, script) for table in script.tables.values()]
    tables = [
        with_inserted_rows(table, draft, script.log)
        for table, draft in zip(tables, script.tables.values(), strict=True)
    ]
    warnings = _group_warnings(script)
    tables = [table.model_copy(update={"warnings": _list_warnings(table, warnings)}) for table in tables]
    return ExperimentSchema(name=name, dialect=cast("Dialect", script.dialect), tables=tables)


def _build_table(table: TableDraft, keys: TableKeys, references: References, script: Script) -> TableSchema:
    foreign_keys = references.for_table(table)
    single = {reference.columns[0]: reference for reference in foreign_keys if len(reference.columns) == 1}
    columns = [_build_column(column, keys, single.get(column.identifier.folded), script) for column in table.columns]
    warnings: list[str] = []
    primary = [column_name(table, name) for name in keys.primary]
    if keys.surrogate:
        warning = explain_surrogate(table, keys)
        script.log.add(table.place, "warning", warning)
        warnings.append(f"{table.key}: {warning}")
        columns.insert(0, ColumnSchema(name=keys.surrogate, data_type="BIGINT", is_unique=True))
        primary = [keys.surrogate]
    return TableSchema(
        name=table.name.table.name,
        schema_name=table.name.schema.name if table.name.schema else None,
        quoted=table.name.table.quoted,
        columns=columns,
        primary_key=primary,
        composite_keys=[[column_name(table, name) for name in key] for key in keys.composite],
        foreign_keys=[
            _build_composite_key(table, reference) for reference in foreign_keys if len(reference.columns) > 1
        ],
        comment=_cut_comment(table.comment, table.place, script),
        warnings=warnings,
    )


def _group_warnings(script: Script) -> dict[str, list[ImportNote]]:
    """Group the warnings by object, and by each parent of it: one on `s.t.c` is also listed for `s.t` and `s`."""
    found: dict[str, list[ImportNote]] = {}
    for note in script.log.notes:
        if note.level == "warning":
            parts = note.object.split(".")
            for length in range(1, len(parts) + 1):
                found.setdefault(".".join(parts[:length]), []).append(note)
    return found


def _list_warnings(table: TableSchema, warnings: Mapping[str, Sequence[ImportNote]]) -> list[str]:
    """Return the warnings to save with the table: the notes themselves are not saved."""
    notes = warnings.get(table.key, ())
    named = [f"{note.object}: {note.message}" for note in notes]
    return list(dict.fromkeys([*table.warnings, *named]))


def _build_column(column: ColumnDraft, keys: TableKeys, reference: Reference | None, script: Script) -> ColumnSchema:
    folded = column.identifier.folded
    is_unique = folded in keys.unique
    return ColumnSchema(
        name=column.identifier.name,
        quoted=column.identifier.quoted,
        data_type=column.type.data_type,
        required=folded in keys.required,
        is_unique=is_unique,
        comment=_cut_comment(column.comment, column.place, script),
        foreign_key=_build_foreign_key(reference, is_unique=is_unique) if reference is not None else None,
        varchar_length=column.type.varchar_length,
        char_length=column.type.char_length,
        precision=column.type.precision,
        scale=column.type.scale,
    )


def _cut_comment(text: str | None, place: Place, script: Script) -> str | None:
    """Return the comment, cut to the length a schema can store; add a note when it is cut."""
    if text is None or len(text) <= MAX_COMMENT:
        return text
    script.log.add(place, "info", f"Comment cut from {len(text):,} to {MAX_COMMENT:,} characters.")
    return text[:MAX_COMMENT]


def _build_foreign_key(reference: Reference, *, is_unique: bool) -> ForeignKey:
    return ForeignKey(
        references_table=reference.parent.key,
        references_column=column_name(reference.parent, reference.references[0]),
        unique=is_unique,
    )


def _build_composite_key(table: TableDraft, reference: Reference) -> CompositeForeignKey:
    return CompositeForeignKey(
        columns=[column_name(table, name) for name in reference.columns],
        references_table=reference.parent.key,
        references_columns=[column_name(reference.parent, name) for name in reference.references],
    )
