"""From the drafts of a script to the schema of an experiment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from engine.schema.limits import MAX_COMMENT
from engine.schema.models import (
    ColumnSchema,
    CompositeForeignKey,
    Dialect,
    ExperimentSchema,
    ForeignKey,
    TableSchema,
)
from engine.sql.importing.drafts import ColumnDraft, TableDraft
from engine.sql.importing.keys import TableKeys, column_named, settle_keys, surrogate_warning
from engine.sql.importing.notes import ImportNote, Place
from engine.sql.importing.references import Reference, References
from engine.sql.importing.script import Script


def assemble(script: Script, name: str) -> ExperimentSchema:
    """Settle the keys and foreign keys of all tables and return the schema; what cannot be kept becomes a note."""
    keys = {table.key: settle_keys(table, script.log) for table in script.tables.values()}
    references = References(script, keys)
    references.settle()
    tables = [_table(table, keys[table.key], references, script) for table in script.tables.values()]
    warnings = _warnings_by_object(script)
    tables = [table.model_copy(update={"warnings": _warnings(table, warnings)}) for table in tables]
    return ExperimentSchema(name=name, dialect=cast("Dialect", script.dialect), tables=tables)


def _table(table: TableDraft, keys: TableKeys, references: References, script: Script) -> TableSchema:
    held = references.of(table)
    single = {reference.columns[0]: reference for reference in held if len(reference.columns) == 1}
    bound = keys.unique.union(*keys.composite, *(reference.columns for reference in held))
    columns = [_column(column, keys, single.get(column.identifier.folded), script) for column in table.columns]
    for place, column in enumerate(table.columns):
        if column.values and column.identifier.folded in bound:
            columns[place] = columns[place].model_copy(update={"values": None})
            script.log.add(column.place, "warning", "CHECK is not kept, as the column is part of a key.")
    warnings: list[str] = []
    primary = [column_named(table, name) for name in keys.primary]
    if keys.surrogate:
        warning = surrogate_warning(table, keys)
        script.log.add(table.place, "warning", warning)
        warnings.append(warning)
        columns.insert(0, ColumnSchema(name=keys.surrogate, data_type="BIGINT", is_unique=True))
        primary = [keys.surrogate]
    return TableSchema(
        name=table.name.table.name,
        schema_name=table.name.schema.name if table.name.schema else None,
        quoted=table.name.table.quoted,
        columns=columns,
        primary_key=primary,
        composite_keys=[[column_named(table, name) for name in key] for key in keys.composite],
        foreign_keys=[_composite(table, reference) for reference in held if len(reference.columns) > 1],
        comment=_comment(table.comment, table.place, script),
        warnings=warnings,
    )


def _warnings_by_object(script: Script) -> dict[str, list[ImportNote]]:
    """Return the warnings by the name of their object and of all that holds it: `s.t.c` is a note of `s.t` and `s`."""
    found: dict[str, list[ImportNote]] = {}
    for note in script.log.notes:
        if note.level == "warning":
            parts = note.object.split(".")
            for length in range(1, len(parts) + 1):
                found.setdefault(".".join(parts[:length]), []).append(note)
    return found


def _warnings(table: TableSchema, warnings: Mapping[str, Sequence[ImportNote]]) -> list[str]:
    """Return all that should be known of a table as long as it is there: its notes go with the import."""
    notes = warnings.get(table.key, ())
    named = [f"{note.object}: {note.message}" for note in notes if note.message not in table.warnings]
    return [*table.warnings, *named]


def _column(column: ColumnDraft, keys: TableKeys, reference: Reference | None, script: Script) -> ColumnSchema:
    folded = column.identifier.folded
    is_unique = folded in keys.unique
    return ColumnSchema(
        name=column.identifier.name,
        quoted=column.identifier.quoted,
        data_type=column.type.data_type,
        required=folded in keys.required,
        is_unique=is_unique,
        comment=_comment(column.comment, column.place, script),
        values=list(column.values) or None,
        foreign_key=_foreign_key(reference, is_unique=is_unique) if reference is not None else None,
        varchar_length=column.type.varchar_length,
        char_length=column.type.char_length,
        precision=column.type.precision,
        scale=column.type.scale,
    )


def _comment(text: str | None, place: Place, script: Script) -> str | None:
    """Return a comment cut to the length that a schema stores; what is cut becomes a note."""
    if text is None or len(text) <= MAX_COMMENT:
        return text
    script.log.add(place, "info", f"The comment has {len(text):,} characters; the first {MAX_COMMENT:,} are stored.")
    return text[:MAX_COMMENT]


def _foreign_key(reference: Reference, *, is_unique: bool) -> ForeignKey:
    return ForeignKey(
        references_table=reference.parent.key,
        references_column=column_named(reference.parent, reference.references[0]),
        unique=is_unique,
    )


def _composite(table: TableDraft, reference: Reference) -> CompositeForeignKey:
    return CompositeForeignKey(
        columns=[column_named(table, name) for name in reference.columns],
        references_table=reference.parent.key,
        references_columns=[column_named(reference.parent, name) for name in reference.references],
    )
