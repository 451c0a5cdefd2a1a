"""Name resolution inside a query: the sources of its FROM, their columns, and the column types."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.sql.translation.tree.value_types import UNKNOWN, VARCHAR, ValueType, type_of_column

Columns = dict[str, ValueType]


@dataclass
class Source:
    """One source of a FROM, by its alias or name; `columns` is None when they are not known.

    `is_element` marks the elements of an unnested array, which are values: `FROM t, t.items AS item`. `row_number`
    names the hidden column with the row number, if there is one.
    """

    name: str
    columns: Columns | None
    is_element: bool = False
    row_number: str = ""


class _SourceIndex:
    """An index of a query's sources by name and column, so that a lookup does not walk hundreds of joined tables.

    `sources` grows at its end; after any other change the index is rebuilt.
    """

    def __init__(self, sources: list[Source]) -> None:
        self._sources = sources
        self._clear()

    def _clear(self) -> None:
        self._count = 0
        self._last: Source | None = None
        self.by_name: dict[str, list[Source]] = {}
        self.columns: Columns = {}
        self.has_unknown = False

    def refresh(self) -> _SourceIndex:
        """Add the new sources and return the index."""
        if self._count and (len(self._sources) < self._count or self._sources[self._count - 1] is not self._last):
            self._clear()
        for source in self._sources[self._count :]:
            self.by_name.setdefault(source.name.lower(), []).append(source)
            for name, kind in (source.columns or {}).items():
                first = self.columns.setdefault(name, kind)
                if first.is_trimmed and not kind.is_trimmed:  # USING may show a text of either source
                    self.columns[name] = replace(first, is_trimmed=False)
            self.has_unknown = self.has_unknown or source.columns is None
        self._count = len(self._sources)
        self._last = self._sources[-1] if self._sources else None
        return self


@dataclass
class Scope:
    """The names visible to the expressions of one query; `parent` is the enclosing query.

    With `is_numbered`, the sources have hidden columns with row numbers. `is_derived` marks the scope around a subquery
    in FROM, which sees none of the other sources there.
    """

    parent: Scope | None = None
    sources: list[Source] = field(default_factory=list)
    ctes: dict[str, Columns | None] = field(default_factory=dict)
    aliases: Columns = field(default_factory=dict)
    lambdas: Columns = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)
    is_numbered: bool = False
    is_derived: bool = False

    _index: _SourceIndex = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._index = _SourceIndex(self.sources)

    def sources_named(self, name: str) -> list[Source]:
        """Return the sources with that name in this query."""
        return self._index.refresh().by_name.get(name.lower(), [])

    def source(self, name: str) -> Source | None:
        """Return the source with that name in this query or an enclosing one."""
        found = self.sources_named(name)
        if found:
            return found[0]
        return self.parent.source(name) if self.parent else None

    def column(self, name: str) -> ValueType | None:
        """Return the type of an unqualified column; None when no source is known to have it."""
        folded = name.lower()
        if folded in self.lambdas:
            return self.lambdas[folded]
        index = self._index.refresh()
        if folded in index.columns:
            return index.columns[folded]
        if folded in self.aliases:
            return self.aliases[folded]
        if index.has_unknown:
            return UNKNOWN
        return self.parent.column(name) if self.parent else None

    def source_columns(self) -> Columns:
        """Return the columns of this query's sources by name; the first one wins."""
        return self._index.refresh().columns

    def has_unknown(self) -> bool:
        """Whether the columns of any source are not known."""
        return self._index.refresh().has_unknown

    def cte(self, name: str) -> tuple[bool, Columns | None]:
        """Return whether a CTE has that name, and its columns."""
        folded = name.lower()
        if folded in self.ctes:
            return True, self.ctes[folded]
        return self.parent.cte(name) if self.parent else (False, None)

    def columns(self) -> Columns:
        """Return all columns of the sources, as `*` does."""
        found = {name: kind for source in self.sources for name, kind in (source.columns or {}).items()}
        if len(self.sources) < 2:
            return found
        first = self.source_columns()
        return {
            name: replace(kind, is_trimmed=False) if kind.is_trimmed and not first[name].is_trimmed else kind
            for name, kind in found.items()
        }


@dataclass(frozen=True)
class Catalog:
    """The tables that a query may name: those of the experiments, one of which may be the current one."""

    schemas: tuple[ExperimentSchema, ...] = ()
    current: str | None = None

    def table(self, parts: Sequence[str]) -> tuple[ExperimentSchema, TableSchema] | None:
        """Return the table with that name (its parts, without the database), None when there is none or several."""
        folded = [part.lower() for part in parts]
        for schema in self._ordered():
            for key in self._keys(schema, folded):
                try:
                    return schema, schema.table(key)
                except KeyError:
                    continue
        return None

    def experiment(self, name: str) -> ExperimentSchema | None:
        """Return the experiment with that name."""
        return next((schema for schema in self.schemas if schema.name.lower() == name.lower()), None)

    def names(self) -> set[str]:
        """Return the names of all tables and their columns."""
        tables = [table for schema in self.schemas for table in schema.tables]
        return {name for table in tables for name in (table.name, *(column.name for column in table.columns))}

    def is_current(self, schema: ExperimentSchema) -> bool:
        """Whether the experiment's tables need no prefix."""
        return self.current is not None and schema.name.lower() == self.current.lower()

    def _ordered(self) -> list[ExperimentSchema]:
        return sorted(self.schemas, key=lambda schema: not self.is_current(schema))

    def _keys(self, schema: ExperimentSchema, parts: list[str]) -> list[str]:
        """Return the table keys in that experiment that a name may mean."""
        name = schema.name.lower()
        keys = [".".join(parts)] if self.is_current(schema) else []
        if len(parts) > 1 and parts[0] == name:
            keys.append(".".join(parts[1:]))
        if len(parts) == 1 and parts[0].startswith(f"{name}__"):
            rest = parts[0][len(name) + 2 :]
            keys += [rest, rest.replace("__", ".", 1)]
        return keys


def list_columns(schema: ExperimentSchema, table: TableSchema) -> Columns:
    """Return the column types of a table by lower-case name."""
    return {
        column.name.lower(): replace(
            type_of_column(column.type), is_trimmed=not _can_end_with_blank(schema, table, column, frozenset())
        )
        for column in table.columns
    }


def _can_end_with_blank(
    schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, seen: frozenset[tuple[str, str]]
) -> bool:
    """Whether the rule of a column may produce trailing blanks; a foreign key has the values of its parent.

    `seen` are the columns visited so far: a table may reference itself.
    """
    if type_of_column(column.type) != VARCHAR or (table.key, column.name) in seen:
        return False
    seen |= {(table.key, column.name)}
    for parent, name in _parents(table, column):
        try:
            found = schema.table(parent, within=table.schema_name)
            if _can_end_with_blank(schema, found, found.column(name), seen):
                return True
        except KeyError:  # a draft, whose parent does not exist yet
            return True
    if column.template is not None and _can_template_end_with_blank(column.template, column.type.length):
        return True
    texts = [*(column.values or ()), column.pattern or "", *_texts_in(column.faker_args)]
    return column.expression is not None or any(isinstance(text, str) and text.endswith(" ") for text in texts)


def _can_template_end_with_blank(template: str, length: int | None) -> bool:
    """Whether a template may produce trailing blanks, including after truncation to the length."""
    is_cut = length is not None and any(sign in template for sign in " {")
    return is_cut or template.endswith((" ", "}"))


def _texts_in(value: object) -> Iterator[str]:
    """Yield the strings in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from (key, *_texts_in(each))
    elif isinstance(value, list):
        for each in value:
            yield from _texts_in(each)


def _parents(table: TableSchema, column: ColumnSchema) -> Iterator[tuple[str, str]]:
    """Yield the table and column that a column references, alone or as part of a composite key."""
    if column.foreign_key is not None:
        yield column.foreign_key.references_table, column.foreign_key.references_column
    for key in table.foreign_keys:
        for own, parent in zip(key.columns, key.references_columns, strict=False):
            if own.lower() == column.name.lower():
                yield key.references_table, parent
