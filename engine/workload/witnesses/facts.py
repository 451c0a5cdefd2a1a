"""What solving knows of a schema: its tables, their first rows as the rules make them, and a database that has these.

Tables whose rows are fixed, such as calendars and small lookups, are there with all rows: a witness chooses among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from engine.errors import WorkbenchError
from engine.generation.preview import preview
from engine.rules.keys.table_rows import default_counts
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.scenario_keys import KeyOf, keys_of
from engine.sql.translation.pipeline import translate
from engine.warehouse.querying.trial_database import TrialDatabase
from engine.workload.calendar_spans import is_calendar
from engine.workload.lineage import TableNames
from engine.workload.samples import counts_rows

SMALL_ROWS = 50
"""A table of so many rows is a lookup, among whose rows a witness chooses."""

_SAMPLED_ROWS = 2000
_MOST_FIXED = 100_000


@dataclass(frozen=True)
class TableFacts:
    """One table: its columns by lower-case name, its keys, and its number of rows."""

    number: int
    schema: TableSchema
    columns: Mapping[str, ColumnSchema]
    keys: tuple[KeyOf, ...]
    """Its foreign keys."""
    rows: int
    is_fixed: bool
    """Its rows are not to be changed: a calendar, or one whose rows are given."""

    @cached_property
    def unique(self) -> frozenset[str]:
        """The columns that are unique by themselves."""
        return frozenset(name for name, column in self.columns.items() if self.schema.is_unique(column))

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The columns of each composite key."""
        return tuple(tuple(name.casefold() for name in group) for group in self.schema.composite_keys)

    def key_of(self, name: str) -> KeyOf | None:
        """Return the foreign key of a column."""
        return next((each for each in self.keys if each.has(name)), None)


@dataclass
class Facts:
    """A schema at one set of row counts and one seed."""

    schema: ExperimentSchema
    counts: Mapping[str, int]
    seed: int
    names: TableNames = field(init=False)
    tables: tuple[TableFacts, ...] = field(init=False)
    _usual: Mapping[str, int] = field(init=False)
    """The rows of each table without other counts: a scenario refers to a row that is there then, too."""
    _frames: dict[int, pl.DataFrame] = field(default_factory=dict)
    _databases: dict[str, TrialDatabase] = field(default_factory=dict)
    _loaded: set[tuple[str, int]] = field(default_factory=set)
    _translated: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = TableNames(self.schema)
        self._usual = default_counts(self.schema)
        self.tables = tuple(self._table(number, table) for number, table in enumerate(self.schema.tables))

    def _table(self, number: int, table: TableSchema) -> TableFacts:
        rows = self.counts.get(table.key, 0)
        is_given = bool(table.rows) and len(table.rows) >= rows
        is_counted = rows <= _MOST_FIXED and any(map(counts_rows, table.columns))
        columns = {column.name.casefold(): column for column in table.columns if not column.hidden}
        keys = tuple(keys_of(self.schema, table))
        return TableFacts(number, table, columns, keys, rows, is_given or is_calendar(table) or is_counted)

    def number_of(self, table: TableSchema) -> int:
        """Return the number of a table of the schema."""
        return next(each.number for each in self.tables if each.schema.key == table.key)

    def frame(self, number: int) -> pl.DataFrame:
        """Return the first rows of a table, all of a fixed or small one; none if it cannot be made."""
        if number not in self._frames:
            table = self.tables[number]
            rows = min(table.rows, _MOST_FIXED if table.is_fixed else _SAMPLED_ROWS)
            rows = min(rows, self._usual.get(table.schema.key) or rows)
            try:
                made = preview(self.schema, table.schema, rows=rows, offset=0, seed=self.seed, counts=self.counts)
            except WorkbenchError:
                made = pl.DataFrame(schema={each.name: each.type.polars for each in table.columns.values()})
            self._frames[number] = made
        return self._frames[number]

    def database(self, dialect: str, tables: set[int]) -> TrialDatabase:
        """Return a database with the functions of a dialect, where these tables have their first rows."""
        database = self._databases.get(dialect)
        if database is None:
            database = self._databases[dialect] = TrialDatabase(self.schema, dialect)
        for number in sorted(tables):
            if (dialect, number) not in self._loaded:
                self._loaded.add((dialect, number))
                database.insert(self.tables[number].schema, self.frame(number))
        return database

    def translated(self, sql: str, dialect: str, schema: ExperimentSchema | None = None) -> str:
        """Return a query in DuckDB's dialect."""
        if schema is not None:
            return translate(sql, dialect, schemas=[schema], current=schema.name).sql
        known = self._translated.get((sql, dialect))
        if known is None:
            known = translate(sql, dialect, schemas=[self.schema], current=self.schema.name).sql
            self._translated[sql, dialect] = known
        return known


def make_facts(schema: ExperimentSchema, counts: Mapping[str, int], seed: int) -> Facts:
    """Return what solving needs to know of a schema; several statements can share it."""
    return Facts(schema, counts, seed)
