"""SQL of an expression over the row and its parents, for checks on the loaded data.

Only what means the same in DuckDB is translated: columns along foreign keys, counts of children, comparisons, logic,
sums, and a few functions. Everything else has no SQL here, and is not checked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlglot import exp

from engine.errors import RuleError
from engine.rules.derived.expression_parsing import parse
from engine.rules.derived.scope import COUNT, FIRST, IS_LAST, LINE, NEXT, OF_GROUPS, PREVIOUS
from engine.schema.events import is_event_key
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind
from engine.sql.quoting import quote

_MAX_EXACT_DIGITS = 18
_FUNCTIONS = frozenset({"COALESCE", "GREATEST", "LEAST", "NULLIF"})
_NODES = (
    exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.DPipe, exp.EQ, exp.NEQ,
    exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.And, exp.Or, exp.Not, exp.Is, exp.Between,
    exp.In, exp.Case, exp.If, exp.Interval, exp.Var, exp.DataType,
)  # fmt: skip
_KINDS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.TEXT, Kind.UUID, Kind.BOOLEAN, Kind.DATE, Kind.TIMESTAMP})

StoredName = Callable[[TableSchema], str]


class _NoSqlError(Exception):
    """A part of an expression that is not translated."""


@dataclass(frozen=True)
class RowSql:
    """An expression as SQL over the row `t`, and what it reads.

    `own` is whether it reads the column it belongs to in the same row, `counts` whether it counts children, `climbs`
    whether it reads a parent in the same table.
    """

    sql: str
    own: bool = False
    counts: bool = False
    climbs: bool = False


def row_sql(
    schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, expression: str, stored_name: StoredName
) -> RowSql | None:
    """Return an expression of a column as SQL, or None when it has parts that are not translated.

    `stored_name` gives the quoted name of a loaded table.
    """
    writer = _Writer(schema, table, column, stored_name)
    try:
        tree = parse(expression, f"{table.key}.{column.name}")
        text = writer.write(tree)
    except (_NoSqlError, RuleError, KeyError):
        return None
    return RowSql(text, writer.own, writer.counts, writer.climbs)


@dataclass
class _Writer:
    schema: ExperimentSchema
    table: TableSchema
    column: ColumnSchema
    stored_name: StoredName
    own: bool = False
    counts: bool = False
    climbs: bool = False
    columns: list[ColumnSchema] = field(default_factory=list)

    def write(self, tree: exp.Expr) -> str:
        paths: list[str] = []

        def replace(node: exp.Expr) -> exp.Expr:
            if isinstance(node, exp.Column | exp.Dot):
                paths.append(self._path(_names(node)))
                return exp.column(f"__path{len(paths) - 1}_", quoted=True)
            return node

        replaced = tree.transform(replace)
        for node in replaced.walk():
            if isinstance(node, exp.Anonymous):
                if str(node.this).upper() not in _FUNCTIONS:
                    raise _NoSqlError
            elif isinstance(node, exp.Cast):
                if not isinstance(node.this, exp.Literal) or not node.is_type("date", "timestamp"):
                    raise _NoSqlError
            elif not isinstance(node, (*_NODES, exp.Column, exp.Identifier)):
                raise _NoSqlError
        digits = [one.type.precision or 0 for one in self.columns if one.type.kind is Kind.DECIMAL]
        if tree.find(exp.Mul) and max(digits, default=0) > _MAX_EXACT_DIGITS:
            raise _NoSqlError
        text = replaced.sql(dialect="duckdb", comments=False)
        for index, path in enumerate(paths):
            text = text.replace(f'"__path{index}_"', path)
        return text

    def _path(self, names: list[str]) -> str:
        if len(names) == 1:
            column = self.table.column(names[0])
            self.own |= column is self.column
            return self._read("t", column)
        own_count = self._own_count(names) or self._of_group(names)
        if own_count:
            return own_count
        table, alias, source, met = self.table, "t", "", ""
        for index, name in enumerate(names[:-1]):
            parent, pairs = self._reference(table, name)
            if index == len(names) - 2 and names[-1].casefold() == COUNT and not _has(parent, COUNT):
                self.counts = True
                count = (
                    f"select count(*) from {self.stored_name(table)} as c where c.{quote(name)} = {alias}.{quote(name)}"
                )
                return f"({count})" if index == 0 else f"(select any_value(({count})) from {source} where {met})"
            above = f"p{index}"
            joined = " and ".join(f"{above}.{quote(target)} = {alias}.{quote(key)}" for key, target in pairs)
            if parent is table:
                self.climbs = True
                if table.column(names[-1]) is self.column:
                    joined += " and " + " and ".join(f"{above}.{quote(to)} <> {alias}.{quote(to)}" for _, to in pairs)
                elif not table.column(name).is_nullable:
                    raise _NoSqlError  # a root is its own parent, and what it reads there depends on the column
            named = f"{self.stored_name(parent)} as {above}"
            source += f" join {named} on {joined}" if index else named
            met = met or joined
            table, alias = parent, above
        return f"(select any_value({self._read(alias, table.column(names[-1]))}) from {source} where {met})"

    def _own_count(self, names: list[str]) -> str:
        """Return the count of the row's own children, `child.key.count`; empty for other paths."""
        if len(names) < 3 or names[-1].casefold() != COUNT or _has(self.table, names[0]):
            return ""
        child = self.schema.table(".".join(names[:-2]), within=self.table.schema_name)
        _, ((key, target),) = self._reference(child, names[-2])
        self.counts = True
        return f"(select count(*) from {self.stored_name(child)} as c where c.{quote(key)} = t.{quote(target)})"

    def _of_group(self, names: list[str]) -> str:
        """Return what follows a column with groups: the group's rows, the row's line, or the next row's column."""
        owner, key = self.table.column(names[0]), self.table.column(names[0]).foreign_key
        if owner.hidden:
            raise _NoSqlError
        if owner.groups is None:
            is_fanned = key is not None and (key.spread is not None or is_event_key(self.table.events_of, names[0]))
            is_group = is_fanned and names[1].casefold() in OF_GROUPS
            if not is_group or _has(self._reference(self.table, names[0])[0], names[1]):
                return ""
        group, rows = quote(owner.name), f"from {self.stored_name(self.table)} as g"
        if names[1].casefold() == COUNT:
            self.counts = True
            return f"(select count(*) {rows} where g.{group} = t.{group})"
        line = next(
            (
                one
                for one in self.table.columns
                if not one.hidden and (one.line_number_of or "").casefold() == names[0].casefold()
            ),
            None,
        )
        if line is None:
            raise _NoSqlError
        self.counts = True
        number = quote(line.name)
        if names[1].casefold() == LINE:
            return f"cast(t.{number} as bigint)"
        of_group = f"{rows} where g.{group} = t.{group}"
        if names[1].casefold() == IS_LAST:
            return f"(select max(g.{number}) = t.{number} {of_group})"
        wanted = {NEXT: f"t.{number} + 1", PREVIOUS: f"t.{number} - 1", FIRST: "1"}.get(names[1].casefold())
        if len(names) != 3 or wanted is None:
            raise _NoSqlError
        value = self._read("g", self.table.column(names[2]))
        return f"(select any_value({value}) {of_group} and g.{number} = {wanted})"

    def _reference(self, table: TableSchema, name: str) -> tuple[TableSchema, list[tuple[str, str]]]:
        """Return the parent of a foreign key column, and the pairs of key and target columns."""
        column = table.column(name)
        key = column.foreign_key
        if key is None or column.hidden:
            raise _NoSqlError
        parent = self.schema.table(key.references_table, within=table.schema_name)
        target = parent.column(key.references_column)
        if not parent.is_unique(target):
            raise _NoSqlError
        return parent, [(column.name, target.name)]

    def _read(self, alias: str, column: ColumnSchema) -> str:
        if column.type.kind not in _KINDS or column.hidden:
            raise _NoSqlError
        self.columns.append(column)
        name = f"{alias}.{quote(column.name)}"
        is_number = column.type.kind is Kind.INTEGER and self.column.type.kind not in (Kind.DATE, Kind.TIMESTAMP)
        return f"cast({name} as bigint)" if is_number else name


def _names(node: exp.Expr) -> list[str]:
    if isinstance(node, exp.Dot):
        return [*_names(node.this), node.expression.name]
    return [part.name for part in node.parts] if isinstance(node, exp.Column) else []


def _has(table: TableSchema, name: str) -> bool:
    return any(column.name.casefold() == name.casefold() for column in table.columns)
