"""Script import: the schema of a SQL script, with rules and foreign keys suggested by names."""

from __future__ import annotations

from dataclasses import replace

from engine.review.spellings import Spellings
from engine.rules.declared.declared import Declared
from engine.rules.keys.table_rows import default_counts
from engine.rules.suggestions.foreign_keys import with_suggested_keys
from engine.rules.suggestions.given_rows import settle_given_rows
from engine.rules.suggestions.own_keys import with_suggested_own_keys
from engine.rules.suggestions.suggestions import with_suggestions
from engine.schema.models import ExperimentSchema
from engine.sql.importing import importer
from engine.sql.importing.import_result import Draft
from engine.sql.importing.notes import ImportLog, ImportNote

_NAMED_TABLES = 5


def import_sql(text: str, *, name: str, dialect: str, suggest: bool = True, popularity: bool = True) -> Draft:
    """Read the CREATE TABLE statements of a Redshift or Snowflake script into a draft of an experiment.

    The draft has `.schema`, `.notes` (line, object, level, message) and the counts of statements. With `suggest`,
    columns whose names suggest a rule or a foreign key get one, marked `suggested`; a note names each such key, and one
    the suggested row counts. Without `popularity`, the rows of a parent are referred to equally often.
    Formulas, CHECKs, defaults and sequences of the script become rules, with a warning for what none can keep.
    Raises `SqlImportError` for a script without a table, and `SchemaError` for an invalid name.
    """
    draft = importer.import_sql(text, name=name, dialect=dialect)
    log = ImportLog()
    declared = Declared(draft.declarations, draft.dialect, log)
    schema, notes = declared.describe(draft.schema), list[ImportNote]()
    if suggest:
        schema, notes = _with_suggestions(schema, draft, text, popularity=popularity)
    schema, settled = settle_given_rows(schema)
    notes += [ImportNote(0, change.table, "warning", change.message) for change in settled]
    draft = draft.with_notes(log, declared.restrict(schema))
    return replace(draft, notes=(*draft.notes, *notes))


def _with_suggestions(
    schema: ExperimentSchema, draft: Draft, text: str, *, popularity: bool
) -> tuple[ExperimentSchema, list[ImportNote]]:
    """Return the schema with suggested keys and rules, from its names as the script writes them, and notes on these."""
    spellings = Spellings(schema, text)
    schema, own_keys = with_suggested_own_keys(spellings.spell(schema))
    unreferenced = {(spellings.spell_text(table), column) for table, column in draft.unreferenced}
    schema, keys = with_suggested_keys(schema, unreferenced)
    schema = spellings.fold(with_suggestions(schema, popularity=popularity))
    found = [(key.table, f"Suggested key, based on the names: {key}.") for key in own_keys]
    found += [(key.table, f"Suggested foreign key, based on the names: {key}.") for key in keys]
    notes = [ImportNote(0, spellings.fold_text(table), "info", spellings.fold_text(note)) for table, note in found]
    return schema, notes + _notes_on_rows(schema)


def _notes_on_rows(schema: ExperimentSchema) -> list[ImportNote]:
    """Return a note with the suggested row counts, the largest first; none when no table has one."""
    reasons = {table.key: table.because for table in schema.tables if table.because}
    if not reasons:
        return []
    counts = default_counts(schema)
    largest = sorted(reasons, key=lambda key: -counts[key])[:_NAMED_TABLES]
    named = "; ".join(f"{key} {counts[key]:,} ({(reasons[key] or '').removesuffix('.')})" for key in largest)
    rest = f"; and {len(reasons) - len(largest)} more" if len(reasons) > len(largest) else ""
    message = f"Suggested {sum(counts.values()):,} rows in all, based on names and keys: {named}{rest}."
    return [ImportNote(0, "", "info", message)]
