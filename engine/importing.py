"""Importing a script: the schema its statements declare, with a suggested rule where a column's name tells one."""

from __future__ import annotations

from dataclasses import replace

from engine.rules.suggestions import with_suggestions
from engine.sql import importer
from engine.sql.importer import Draft


def import_sql(text: str, *, name: str, dialect: str, suggest: bool = True) -> Draft:
    """Read the CREATE TABLE statements of a Redshift or Snowflake script into a draft of an experiment.

    The draft has `.schema`, `.notes` (line, object, level, message) and the counts of statements. With `suggest`
    the columns whose names are known get a rule, marked `suggested`. Raises `SqlImportError` when there is no table
    to be had, and `SchemaError` when the names cannot be used.
    """
    draft = importer.import_sql(text, name=name, dialect=dialect)
    return replace(draft, schema=with_suggestions(draft.schema)) if suggest else draft
