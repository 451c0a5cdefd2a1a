"""The share of rows in which a column, or a foreign key of several columns, is NULL by chance."""

from __future__ import annotations

from collections.abc import Sequence

from engine.rules.site import Site
from engine.schema.events import is_event_value
from engine.schema.foreign_keys import ForeignKey
from engine.schema.lifecycles import is_made
from engine.schema.models import DEFAULT_NULL_FRACTION


def null_share(site: Site, columns: Sequence[str] = (), key: ForeignKey | None = None) -> float:
    """Return the share of NULLs; `columns` are those of the foreign key `key` that the column belongs to."""
    if is_made(site.table.lifecycle, site.column.name) or is_event_value(site.table.events_of, site.column.name):
        return 0.0  # NULL where the state has not come
    if key is None or len(columns) == 1:
        return site.column.effective_null_fraction
    if key.null_fraction is not None:
        return key.null_fraction
    together = [site.table.column(name) for name in columns]
    deciding = [column for column in together if column.has_null_condition]
    if deciding:
        return max(column.effective_null_fraction for column in deciding)
    if key.nullable:
        return DEFAULT_NULL_FRACTION
    return site.table.column(columns[0]).effective_null_fraction
