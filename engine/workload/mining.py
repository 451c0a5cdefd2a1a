"""What a workload asks of its tables: predicates and joins of each statement, traced to base columns.

Nothing here raises for the text of a query: what is not understood becomes a remark with its line.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope

from engine.schema.models import ExperimentSchema
from engine.workload.conditions import CONDITIONS, Condition, Equality, read_condition
from engine.workload.joins import JoinCollector, JoinKind
from engine.workload.lineage import Lineage, TableNames
from engine.workload.places import Place, is_under_own_not, place_of
from engine.workload.records import Join, Predicate, Remark, Statement, Workload
from engine.workload.views import UnparsedError, parse

_NOT_UNDERSTOOD = (
    SqlglotError, RecursionError, AttributeError, TypeError, ValueError, KeyError, IndexError, ArithmeticError,
)  # fmt: skip
"""What sqlglot, or a reader of its trees, raises for a form that it does not know."""

_MAX_SHOWN = 120
_COLUMNLESS = (
    exp.Count,
    exp.RowNumber,
    exp.Rank,
    exp.DenseRank,
    exp.PercentRank,
    exp.CumeDist,
    exp.Ntile,
    exp.Grouping,
    exp.Rand,
)


def mine_workload(
    schema: ExperimentSchema, statements: Sequence[Statement], dialect: str, *, today: date | None = None
) -> Workload:
    """Return the statements with their predicates and joins; `today` stands for CURRENT_DATE in them."""
    names = TableNames(schema)
    predicates: list[Predicate] = []
    joins: list[Join] = []
    remarks: list[Remark] = []
    for statement in statements:
        if statement.state == "not understood" or not statement.sql:
            continue
        if statement.state == "does not run" and not statement.placeholders:
            continue
        miner = _Miner(statement, dialect, names, today or date.today())
        try:
            miner.mine()
        except (UnparsedError, *_NOT_UNDERSTOOD) as error:
            text = str(error) if isinstance(error, UnparsedError) else "Its form is not understood."
            miner.remarks.append(Remark(statement.name, statement.line, text))
        predicates += miner.predicates
        joins += miner.joins.joins()
        remarks += miner.remarks
    return Workload(tuple(statements), tuple(predicates), tuple(joins), tuple(remarks))


class _Miner:
    """Collects what one statement asks for."""

    def __init__(self, statement: Statement, dialect: str, names: TableNames, today: date) -> None:
        self._statement = statement
        self._dialect = dialect
        self._names = names
        self._today = today
        self._groups: dict[tuple[int, str], int] = {}
        self.predicates: list[Predicate] = []
        self.remarks: list[Remark] = []
        self.joins = JoinCollector(statement.name)

    def mine(self) -> None:
        tree = parse(self._statement.sql, self._dialect)
        self._lineage = Lineage(tree, self._dialect, self._names, self._today)
        for table in self._lineage.unknown_tables:
            self._remark(table, f"There is no table {table.sql(comments=False)}.")
        for scope in self._lineage.scopes:
            if isinstance(scope.expression, exp.SetOperation):
                self._read_set_operation(scope)
                continue
            for node in scope.walk():
                if isinstance(node, CONDITIONS):
                    self._read(node, scope)
                elif isinstance(node, exp.Column | exp.Cast) and _is_bare_condition(node):
                    value = not is_under_own_not(node)
                    self._add_predicate(Condition("=", node, (value,)), node, scope, place_of(node, scope))

    def _read(self, node: exp.Expr, scope: Scope) -> None:
        try:
            found = read_condition(node, self._today)
        except _NOT_UNDERSTOOD:
            found = None
        if found is None:
            self._remark(node, f"Not understood: {_shown(node)}")
            return
        place = place_of(node, scope)
        for each in found:
            if isinstance(each, Condition):
                self._add_predicate(each, node, scope, place)
            else:
                self._add_join(each, node, scope, place)

    def _add_predicate(self, condition: Condition, node: exp.Expr, scope: Scope, place: Place) -> None:
        origins = self._lineage.origins(condition.operand, scope)
        if not origins:
            if not self._is_understood_without_origin(condition.operand, scope):
                self._remark(node, f"It compares no single column: {_shown(node)}")
            return
        for origin in dict.fromkeys(origins):
            group = self._groups.setdefault(origin.instance, len(self._groups) + 1)
            self.predicates.append(
                Predicate(
                    origin.table,
                    origin.column,
                    condition.operator,
                    condition.values,
                    origin.path,
                    self._line(node),
                    self._statement.name,
                    place.clause,
                    place.is_alternative or len(origins) > 1,
                    place.is_negated,
                    group,
                )
            )

    def _add_join(self, equality: Equality, node: exp.Expr, scope: Scope, place: Place) -> None:
        left = self._lineage.origins(equality.left, scope)
        right = self._lineage.origins(equality.right, scope)
        kind: JoinKind = "in" if equality.is_in else "exists" if place.is_in_exists else "join"
        for first in left:
            for second in right:
                self.joins.add(first, second, self._line(node), kind, id(scope))

    def _is_understood_without_origin(self, operand: exp.Expr, scope: Scope) -> bool:
        """Return whether an expression rightly has no column: a literal, COUNT(*), ROW_NUMBER, GROUPING."""
        made = [each for column in operand.find_all(exp.Column) for each in self._lineage.definitions(column, scope)]
        return _has_no_column(operand) or (bool(made) and all(map(_has_no_column, made)))

    def _read_set_operation(self, scope: Scope) -> None:
        if not isinstance(scope.expression, exp.Intersect | exp.Except):
            return
        branches = scope.set_operation_scopes or []
        if len(branches) != 2:
            return
        queries = [branch.expression for branch in branches]
        left, right = (query.selects if isinstance(query, exp.Query) else [] for query in queries)
        for first, second in zip(left, right, strict=False):
            for a in self._lineage.origins(first, branches[0]):
                for b in self._lineage.origins(second, branches[1]):
                    self.joins.add(a, b, self._line(scope.expression), "set", id(scope))

    def _remark(self, node: exp.Expr, message: str) -> None:
        self.remarks.append(Remark(self._statement.name, self._line(node), message))

    def _line(self, node: exp.Expr) -> int:
        """Return the line of a node in the statement's file; in a view in front, that of the statement."""
        lines = (int(each.meta["line"]) for each in node.walk() if "line" in each.meta)
        line = min(lines, default=0) - 1 - self._statement.prefix_lines
        return self._statement.line + max(line, 0)


def _is_bare_condition(column: exp.Expr) -> bool:
    """Return whether a column is itself a condition: `where active and not deleted`, `document:on::boolean`."""
    if isinstance(column, exp.Cast) and column.to.this is not exp.DType.BOOLEAN:
        return False
    parent = column.parent
    while isinstance(parent, exp.Paren | exp.Not):
        parent = parent.parent
    return isinstance(parent, exp.Where | exp.And | exp.Or | exp.Having)


def _has_no_column(made: exp.Expr) -> bool:
    return made.find(exp.Column) is None or any(isinstance(each, _COLUMNLESS) for each in made.walk())


def _shown(node: exp.Expr) -> str:
    return _cut(node.sql(comments=False))


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…"
