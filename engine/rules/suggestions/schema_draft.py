"""A schema while rules are suggested for it: what a script left open can be filled, nothing else can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.rules.keys.unique_columns import domain_of
from engine.rules.site import Site
from engine.rules.stages import Stages
from engine.rules.suggestions.word_lists import Change
from engine.schema.column_checks import check_column
from engine.schema.column_rules import has_any_key
from engine.schema.foreign_keys import ForeignKey
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind

_SHARES = frozenset({"weights", "distribution", "default_value", "default_fraction"})


class SchemaDraft:
    """The tables and columns of a schema, with what has been suggested for them so far.

    Each of its changes takes constant time. A column is free while the script, and no earlier suggestion, says how its
    values are made; every suggestion needs a reason, which its user sees.
    """

    def __init__(self, schema: ExperimentSchema) -> None:
        self._schema = schema
        self._columns = {
            table.key: {column.name.casefold(): column for column in table.columns} for table in schema.tables
        }
        self._tables: dict[str, dict[str, Any]] = {table.key: {} for table in schema.tables}
        self._keys = {table.key: _columns_in_keys(table) for table in schema.tables}
        self._free: dict[tuple[str, str], bool] = {}

    @property
    def schema(self) -> ExperimentSchema:
        """The schema as the script has it, without any suggestion."""
        return self._schema

    @property
    def tables(self) -> list[TableSchema]:
        """The tables as the script has them."""
        return self._schema.tables

    def columns(self, table: TableSchema) -> list[ColumnSchema]:
        """Return the columns of a table with what has been suggested for them."""
        return list(self._columns[table.key].values())

    def column(self, table: TableSchema, name: str) -> ColumnSchema:
        """Return a column with what has been suggested for it; raises `KeyError`."""
        return self._columns[table.key][name.casefold()]

    def free_columns(self, table: TableSchema) -> Iterator[ColumnSchema]:
        """Yield the columns of a table that are free (`is_free`)."""
        for column in self.columns(table):
            if self.is_free(table, column.name):
                yield column

    def is_free(self, table: TableSchema, name: str) -> bool:
        """Return whether a column has no rule and no bounds yet; a number or date in a key of several columns is not.

        A text in such a key takes what lists or counts its values, and nothing that says how often each occurs.
        """
        place = table.key, name.casefold()
        if place not in self._free:
            self._free[place] = self._find_free(table, name)
        return self._free[place]

    def _find_free(self, table: TableSchema, name: str) -> bool:
        column = self.column(table, name)
        if column.name.casefold() in self._keys[table.key]:
            return column.type.kind is Kind.TEXT and column.foreign_key is None and self.is_in_key_only(table, name)
        return self.can_suggest(table, name)

    def _put(self, table: TableSchema, column: ColumnSchema) -> None:
        """Set a column in the place of the one of its name."""
        folded = column.name.casefold()
        self._columns[table.key][folded] = column
        self._free.pop((table.key, folded), None)

    def parent_of(self, table: TableSchema, column: ColumnSchema) -> TableSchema | None:
        """Return the table that a foreign key of one column references, or None."""
        key = self.column(table, column.name).foreign_key
        if key is None:
            return None
        try:
            return self._schema.table(key.references_table, within=table.schema_name)
        except KeyError:
            return None

    def parents(self, table: TableSchema) -> Iterator[tuple[ColumnSchema, TableSchema]]:
        """Yield each other table that a table references, with the first column of the foreign key."""
        keys = {key.columns[0].casefold(): key.references_table for key in table.foreign_keys}
        for column in self.columns(table):
            single = column.foreign_key
            name = single.references_table if single is not None else keys.get(column.name.casefold())
            try:
                parent = self._schema.table(name or "", within=table.schema_name)
            except KeyError:
                continue
            if parent.key != table.key:
                yield column, parent

    def suggest(self, table: TableSchema, name: str, change: Change, because: str) -> bool:
        """Set the keys of `change` on a free column, if the column is valid with them; return whether it was done."""
        if not self.is_free(table, name):
            return False
        column, in_key = self.column(table, name), name.casefold() in self._keys[table.key]
        if in_key:
            change = {key: value for key, value in change.items() if key not in _SHARES}
        trial = column.model_copy(update={**change, "suggested": True, "because": because})
        if any(check_column(table, trial, "")) or (in_key and not self._has_counted_values(table, trial)):
            return False
        self._put(table, trial)
        return True

    def _has_counted_values(self, table: TableSchema, column: ColumnSchema) -> bool:
        """Return whether a rule makes different values by itself, in the form that it has elsewhere."""
        if column.values is None and column.pattern is None and column.faker_rule is None:
            return False
        stages = Stages()
        domain = domain_of(Site(stages, 0, self._schema.locale, {}, 1, table, column, stages.row))
        return domain.size > 1 and not domain.is_permuted

    def can_suggest(self, table: TableSchema, name: str) -> bool:
        """Return whether a column has no rule and no bounds yet, also in a key of several columns."""
        column = self.column(table, name)
        return not (has_any_key(column) or column.groups is not None or column.rising_within is not None)

    def is_in_key_only(self, table: TableSchema, name: str) -> bool:
        """Return whether a column can be suggested, is not unique, and is no part of a foreign key of several."""
        folded = name.casefold()
        is_referring = any(folded in map(str.casefold, key.columns) for key in table.foreign_keys)
        return self.can_suggest(table, name) and not table.is_unique(table.column(name)) and not is_referring

    def suggest_same(self, table: TableSchema, name: str, owner: str, because: str) -> bool:
        """Give a column one value in each group of another column, whatever its rule is, where that is possible."""
        column, folded = self.column(table, name), name.casefold()
        key = column.foreign_key
        is_own = key is not None and (key.spread is not None or key.unique or self.parent_of(table, column) is table)
        if folded in self._keys[table.key] or table.is_unique(column) or is_own or column.sequence is not None:
            return False
        change: dict[str, Any] = {"same_within": owner}
        if key is not None:
            reasons = [key.because, because] if key.because else [because]
            change["foreign_key"] = key.model_copy(update={"because": " ".join(reasons)})
        else:
            change |= {"suggested": True, "because": because}
        trial = column.model_copy(update=change)
        if any(check_column(table, trial, "")):
            return False
        self._put(table, trial)
        return True

    def suggest_in_key(self, table: TableSchema, name: str, change: Change, because: str) -> bool:
        """Do what `suggest` does for a column that may be in a key of several columns, such as a line number."""
        column = self.column(table, name)
        trial = column.model_copy(update={**change, "suggested": True, "because": because})
        if not self.can_suggest(table, name) or any(check_column(table, trial, "")):
            return False
        self._put(table, trial)
        return True

    def suggest_key(self, table: TableSchema, name: str, change: dict[str, Any], because: str) -> bool:
        """Set options, such as a fan-out, on the foreign key of a column that the script leaves open."""
        column = self.column(table, name)
        key = column.foreign_key
        if key is None or any(getattr(key, option) not in (None, False) for option in change):
            return False
        if column.same_within is not None and "fan_out" in change:
            return False
        reasons = [key.because, because] if key.because else [because]
        changed = ForeignKey.model_validate({**key.model_dump(), **change, "because": " ".join(reasons)})
        trial = column.model_copy(update={"foreign_key": changed})
        if any(check_column(table, trial, "")):
            return False
        self._put(table, trial)
        return True

    def suggest_rows(self, table: TableSchema, rows: int | None, because: str) -> bool:
        """Set the number of rows of a table that has none; None lets a fan-out decide, and says so."""
        if table.target_rows is not None:
            return False
        self._tables[table.key] |= {"target_rows": rows, "because": because}
        return True

    def rows(self, table: TableSchema) -> int | None:
        """Return the number of rows of a table: the script's, or the suggested one."""
        rows: int | None = self._tables[table.key].get("target_rows", table.target_rows)
        return rows

    def given_rows(self, table: TableSchema) -> int:
        """Return the number of given rows of a table: those of the script, or suggested ones."""
        return len(self._tables[table.key].get("rows", table.rows))

    def set_table(self, table: TableSchema, change: dict[str, Any]) -> None:
        """Set further keys of a table, such as given rows, that the script leaves open."""
        self._tables[table.key] |= change

    def withdraw(self, table: TableSchema, name: str) -> None:
        """Take the suggestion for a column back."""
        self._put(table, table.column(name))

    def finish(self) -> ExperimentSchema:
        """Return the schema with all suggestions."""
        tables = [
            table.model_copy(update={**self._tables[table.key], "columns": self.columns(table)})
            for table in self._schema.tables
        ]
        return self._schema.model_copy(update={"tables": tables})


def _columns_in_keys(table: TableSchema) -> frozenset[str]:
    """Return the folded names of the columns of composite keys and of foreign keys of several columns."""
    groups = [*table.composite_keys, *(key.columns for key in table.foreign_keys)]
    return frozenset(name.casefold() for group in groups for name in group)
