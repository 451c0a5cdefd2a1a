"""The tables and views that a query may name: those of the attached experiments.

DuckDB searches the schemas of all attached experiments, but a plain name must be a table of the current experiment:
otherwise its meaning would depend on which other experiments the query names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.warehouse.loading.layout import MAIN, layout
from engine.warehouse.querying.session import Session

_OF_DUCKDB = re.compile(r"(?:duckdb|pragma|sqlite|pg)_\w+")
_SCHEMAS_OF_DUCKDB = frozenset({"main", "pg_catalog", "information_schema", "system", "temp"})


@dataclass(frozen=True)
class AllowedTables:
    """Lower-case names: (catalog, schema, table) in `full`, plain names in `bare`."""

    full: frozenset[tuple[str, str, str]]
    bare: frozenset[str]

    @classmethod
    def of(cls, session: Session) -> AllowedTables:
        """Return the allowed tables of a session."""
        full: set[tuple[str, str, str]] = set()
        bare: set[str] = set()
        for catalog, attachment in session.attached.items():
            its = layout(attachment.schema)
            names = [(table.schema_name or MAIN, table.name) for table in attachment.schema.tables]
            names += [(view.schema_name, view.name) for view in its.views]
            full |= {(catalog.lower(), schema.lower(), name.lower()) for schema, name in names}
            found = {its.flat.lower()}
            if session.is_current(attachment):
                own = {table.schema_name.lower() for table in attachment.schema.tables if table.schema_name}
                found = {MAIN, its.flat.lower(), its.dotted.lower()} - (own - {MAIN})
            bare |= {name.lower() for schema, name in names if schema.lower() in found}
        return cls(frozenset(full), frozenset(bare))

    def has(self, path: Sequence[str]) -> bool:
        """Return whether a name of one to three parts is one of these tables."""
        parts = [part.lower() for part in path]
        if len(parts) == 1:
            return parts[0] in self.bare
        if len(parts) == 2:
            first, name = parts
            if first in _SCHEMAS_OF_DUCKDB and _OF_DUCKDB.fullmatch(name):
                return False
            return any((schema, each) == (first, name) for _, schema, each in self.full) or (
                (first, MAIN, name) in self.full
            )
        return tuple(parts) in self.full


def is_of_duckdb(path: Sequence[str]) -> bool:
    """Return whether a name looks like one of DuckDB's system tables."""
    parts = [part.lower() for part in path]
    return bool(_OF_DUCKDB.fullmatch(parts[-1])) or bool(_SCHEMAS_OF_DUCKDB.intersection(parts[:-1]))
