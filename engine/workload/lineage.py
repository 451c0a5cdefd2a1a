"""Lineage: from an expression of a query to the columns of base tables that it comes from.

The tables of the tree are renamed to `table_0`, `table_1`, ..., which are the same in every dialect and tell tables of
one name in two schemas apart. sqlglot then qualifies the columns; where it cannot, a column belongs to the one source
that has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, traverse_scope

from engine.schema.models import ExperimentSchema, TableSchema
from engine.sql.sqlglot_parser import silent_sqlglot
from engine.workload.function_steps import operands, passes, step_of
from engine.workload.records import Step
from engine.workload.views import UnparsedError

_MAX_DEPTH = 60
_MAX_ORIGINS = 64
_INTERNAL = "table_"


@dataclass(frozen=True, slots=True)
class Origin:
    """A base table's column, the functions around it, and the occurrence of the table in the query."""

    table: str
    column: str
    path: tuple[Step, ...]
    instance: tuple[int, str]

    def through(self, step: Step | None) -> Origin:
        """Return the origin with one more function around it."""
        return self if step is None else replace(self, path=(*self.path, step))


class TableNames:
    """The tables of an experiment by the names that queries give them."""

    def __init__(self, schema: ExperimentSchema) -> None:
        self.tables: tuple[TableSchema, ...] = tuple(schema.tables)
        self._columns = [{column.name.lower(): column.name for column in table.columns} for table in self.tables]
        self._prefix = f"{schema.name.lower()}__"
        self._by_name: dict[str, int] = {}
        for index, table in reversed(list(enumerate(self.tables))):
            self._by_name[table.name.lower()] = index
            self._by_name[table.key.lower()] = index

    def find(self, table: exp.Table) -> int | None:
        """Return the number of a table; with a schema in front that none has, its plain name counts."""
        name = table.name.lower().removeprefix(self._prefix)
        qualified = f"{table.db.lower()}.{name}" if table.db else name
        return self._by_name.get(qualified, self._by_name.get(name))

    def column(self, index: int, name: str) -> str | None:
        """Return a column's name as the schema spells it."""
        return self._columns[index].get(name.lower())

    def mapping(self) -> dict[str, dict[str, str]]:
        """Return the tables with their columns, as sqlglot takes them."""
        return {f"{_INTERNAL}{index}": dict.fromkeys(columns, "text") for index, columns in enumerate(self._columns)}


class Lineage:
    """The scopes of one query, and the origins of its expressions."""

    def __init__(self, tree: exp.Expr, dialect: str, names: TableNames, today: date) -> None:
        self._names = names
        self._today = today
        self.unknown_tables: list[exp.Table] = []
        self._rename_tables(tree)
        self.tree = _qualify(tree, dialect, names.mapping())
        try:
            self.scopes: list[Scope] = traverse_scope(self.tree)
        except (SqlglotError, RecursionError) as error:
            raise UnparsedError("Its sources are not understood.") from error
        self._by_query = {id(scope.expression): scope for scope in self.scopes}

    def _rename_tables(self, tree: exp.Expr) -> None:
        for identifier in tree.find_all(exp.Identifier):
            identifier.set("quoted", False)
        ctes = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
        for table in tree.find_all(exp.Table):
            if not isinstance(table.this, exp.Identifier) or (
                table.name.lower() in ctes and not table.db and not _is_in_cte_of_its_name(table)
            ):
                continue
            index = self._names.find(table)
            if index is None:
                self.unknown_tables.append(table.copy())
                continue
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
            table.set("this", exp.to_identifier(f"{_INTERNAL}{index}"))
            table.set("db", None)
            table.set("catalog", None)

    def scope_of(self, query: exp.Expr) -> Scope | None:
        """Return the scope of a subquery."""
        return self._by_query.get(id(query.unnest()))

    def origins(self, node: exp.Expr, scope: Scope, depth: int = 0) -> list[Origin]:
        """Return the base columns of an expression that has one column; several where UNION or CASE has several."""
        if depth > _MAX_DEPTH:
            return []
        if passes(node):
            inner = node.expressions[0] if isinstance(node, exp.Distinct) else node.this
            return self.origins(inner, scope, depth + 1) if isinstance(inner, exp.Expr) else []
        match node:
            case exp.Column():
                return self._of_column(node, scope, depth + 1)
            case exp.Case() | exp.If() | exp.Coalesce():
                results = _results(node)
                found = [origin for each in results for origin in self.origins(each, scope, depth + 1)]
                return found[:_MAX_ORIGINS]
            case exp.Window():
                return self.origins(node.this, scope, depth + 1)
            case exp.Subquery() | exp.Select() | exp.SetOperation():
                inner_scope = self.scope_of(node)
                return [] if inner_scope is None else self._of_output(inner_scope, 0, depth + 1)
            case exp.Predicate() | exp.Connector() | exp.Not():
                return []
        holding = [each for each in operands(node) if each.find(exp.Column) is not None]
        if len(holding) != 1:
            return []
        step = step_of(node, holding[0], self._today)
        return [origin.through(step) for origin in self.origins(holding[0], scope, depth + 1)]

    def definitions(self, column: exp.Column, scope: Scope, depth: int = 0) -> list[exp.Expr]:
        """Return the expressions that a derived column stands for; none for a base column."""
        found = self._find_source(column, scope)
        if found is None or not isinstance(found[1], Scope) or depth > _MAX_DEPTH:
            return []
        query = found[1].expression
        index = _output_index(query, column.name) if isinstance(query, exp.Query) else None
        return [] if index is None else self._defined_by(found[1], index, depth + 1)

    def _defined_by(self, scope: Scope, index: int, depth: int) -> list[exp.Expr]:
        query = scope.expression
        if isinstance(query, exp.SetOperation):
            branches = scope.set_operation_scopes or []
            return [each for branch in branches for each in self._defined_by(branch, index, depth + 1)][:_MAX_ORIGINS]
        selects = query.selects if isinstance(query, exp.Query) else []
        if index >= len(selects) or depth > _MAX_DEPTH:
            return []
        made = selects[index].unalias()
        return (self.definitions(made, scope, depth + 1) if isinstance(made, exp.Column) else []) or [made]

    def _of_column(self, column: exp.Column, scope: Scope, depth: int) -> list[Origin]:
        found = self._find_source(column, scope)
        if found is None:
            return []
        alias, source, owner = found
        if isinstance(source, Scope):
            if isinstance(source.expression, exp.Query):
                index = _output_index(source.expression, column.name)
                return [] if index is None else self._of_output(source, index, depth)
            return self._of_table_function(source.expression, column.name, owner, depth)
        if not isinstance(source, exp.Table):
            return self._of_table_function(source, column.name, owner, depth)
        if not source.name.lower().startswith(_INTERNAL):
            return []
        index = int(source.name[len(_INTERNAL) :])
        name = self._names.column(index, column.name)
        return [] if name is None else [Origin(self._names.tables[index].key, name, (), (id(owner), alias.lower()))]

    def _of_table_function(self, node: exp.Expr, name: str, scope: Scope, depth: int) -> list[Origin]:
        """Return the column that FLATTEN or UNNEST takes its elements from."""
        column = node.find(exp.Column)
        if column is None:
            return []
        function = node.this if isinstance(node, exp.Lateral | exp.TableFromRows) else node
        taken = function.this if isinstance(function, exp.Explode) else column
        taken = taken.expression if isinstance(taken, exp.Kwarg) else taken
        return [origin.through(Step("flatten", (name,))) for origin in self.origins(taken, scope, depth + 1)]

    def _find_source(self, column: exp.Column, scope: Scope) -> tuple[str, exp.Expr | Scope, Scope] | None:
        wanted = column.table.lower()
        owner: Scope | None = scope
        while owner is not None:
            for alias, source in owner.sources.items():
                if wanted and alias.lower() == wanted:
                    return alias, source, owner
            if not wanted:
                having = [
                    (alias, source, owner) for alias, source in owner.sources.items() if self._has(source, column.name)
                ]
                if having:
                    return having[0] if len(having) == 1 else None
            owner = owner.parent
        return None

    def _has(self, source: exp.Expr | Scope, name: str) -> bool:
        if isinstance(source, Scope):
            return isinstance(source.expression, exp.Query) and _output_index(source.expression, name) is not None
        if isinstance(source, exp.Table) and source.name.lower().startswith(_INTERNAL):
            return self._names.column(int(source.name[len(_INTERNAL) :]), name) is not None
        return False

    def _of_output(self, scope: Scope, index: int, depth: int) -> list[Origin]:
        if depth > _MAX_DEPTH:
            return []
        query = scope.expression
        if isinstance(query, exp.SetOperation):
            branches = scope.set_operation_scopes or []
            found = [origin for branch in branches for origin in self._of_output(branch, index, depth + 1)]
            return found[:_MAX_ORIGINS]
        selects = query.selects if isinstance(query, exp.Query) else []
        return self.origins(selects[index], scope, depth + 1) if index < len(selects) else []


def _is_in_cte_of_its_name(table: exp.Table) -> bool:
    """Return whether a table is read by a CTE of its own name: there the name means the table."""
    cte = table.find_ancestor(exp.CTE)
    while cte is not None:
        is_recursive = isinstance(cte.parent, exp.With) and cte.parent.recursive
        if cte.alias.lower() == table.name.lower() and not is_recursive:
            return True
        cte = cte.find_ancestor(exp.CTE)
    return False


def _results(node: exp.Expr) -> list[exp.Expr]:
    if isinstance(node, exp.Case):
        default = [node.args["default"]] if node.args.get("default") else []
        return [each.args["true"] for each in node.args["ifs"]] + default
    if isinstance(node, exp.If):
        return [each for each in (node.args.get("true"), node.args.get("false")) if each is not None]
    return [node.this, *node.expressions]


def _output_index(query: exp.Query, name: str) -> int | None:
    alias = query.parent.args.get("alias") if isinstance(query.parent, exp.CTE | exp.Subquery) else None
    renamed = [each.name for each in alias.columns] if isinstance(alias, exp.TableAlias) else []
    names = [*renamed, *query.named_selects[len(renamed) :]]
    return next((index for index, each in enumerate(names) if each.lower() == name.lower()), None)


def _qualify(tree: exp.Expr, dialect: str, schema: Mapping[str, object]) -> exp.Expr:
    copy = tree.copy()
    try:
        with silent_sqlglot():
            return qualify(
                copy,
                schema=dict(schema),
                dialect=dialect,
                validate_qualify_columns=False,
                quote_identifiers=False,
                identify=False,
            )
    except (SqlglotError, RecursionError, AttributeError, KeyError, TypeError, ValueError, IndexError):
        return tree  # columns are then found by their names alone
