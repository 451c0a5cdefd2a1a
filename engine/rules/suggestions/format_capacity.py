"""Tables whose unique texts have a format with few values, such as ISO codes: no more rows than there are values."""

from __future__ import annotations

from engine.rules.keys.unique_columns import domain_of
from engine.rules.site import Site
from engine.rules.stages import Stages
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.schema.models import DEFAULT_ROWS, TableSchema


def suggest_rows_of_formats(draft: SchemaDraft) -> None:
    """Suggest at most as many rows as the suggested unique columns of a table have values."""
    for table in draft.tables:
        if table.target_rows is not None:
            continue
        for column in draft.columns(table):
            if column.suggested and (column.faker_rule or column.pattern) and table.is_unique(column):
                size = _size(draft, table, column.name)
                if size < (draft.rows(table) or DEFAULT_ROWS):
                    because = f'"{column.name}" is unique, and its format has {size:,} values.'
                    draft.set_table(table, {"target_rows": size, "because": because})


def _size(draft: SchemaDraft, table: TableSchema, name: str) -> int:
    stages = Stages()
    site = Site(stages, 0, draft.schema.locale, {}, 1, table, draft.column(table, name), stages.row)
    return domain_of(site).size
