"""Flattening: a query as occurrences of base tables, and the conditions that rows of these meet together.

CTEs and subqueries are expanded where they are read, one branch of each OR and UNION is chosen, and an aggregate over a
group stands for that of one row, or of several alike. What has no such form (NOT EXISTS, a comparison with an aggregate
of other rows) is left out: the found rows are checked by the query itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlglot import exp

from engine.workload.witnesses.aggregates import Side, compared_aggregate, is_aggregated
from engine.workload.witnesses.facts import Facts
from engine.workload.witnesses.records import NoWitnessError
from engine.workload.witnesses.substitution import FREE, PREFIX, LeftOutError, Source, Substitution, has_query

MAX_OCCURRENCES = 60
_MAX_DEPTH = 40
_INTERNAL = "table_"

Environment = Mapping[str, "tuple[exp.Expr, Environment]"]
Choose = Callable[[int], int]
"""Returns a number below the given one."""


@dataclass
class Flat:
    """The occurrences of base tables, by their number in the facts, and what holds for their rows together."""

    tables: list[int] = field(default_factory=list)
    conditions: list[exp.Expr] = field(default_factory=list)
    extremes: list[tuple[str, str, Literal["high", "low"]]] = field(default_factory=list)
    """Columns whose values had better be high or low."""
    groups: list[tuple[int, int, tuple[exp.Column, ...]]] = field(default_factory=list)
    """The occurrences, from the first to before the last, that make a group, and its columns."""
    free: int = 0
    choices: int = 0


class Flattener:
    """Flattens one query for one attempt: `blocks` rows in each group, each standing for `copies` alike."""

    def __init__(self, facts: Facts, choose: Choose, *, copies: int, blocks: int) -> None:
        self._facts = facts
        self._choose = choose
        self._copies = copies
        self._blocks = blocks
        self._depth = 0
        self.flat = Flat()

    def query(
        self, node: exp.Expr, env: Environment, outer: Sequence[Source], wanted: Mapping[str, str] | None = None
    ) -> dict[str, exp.Expr]:
        """Flatten a query and return its outputs by name; `wanted` are literals that outputs are compared with."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise NoWitnessError("The query is nested too deeply.")
        try:
            return self._query(node.unnest(), env, outer, wanted or {})
        finally:
            self._depth -= 1

    def _query(
        self, node: exp.Expr, env: Environment, outer: Sequence[Source], wanted: Mapping[str, str]
    ) -> dict[str, exp.Expr]:
        clause = node.args.get("with_")
        if isinstance(clause, exp.With):
            for cte in clause.expressions:
                env = {**env, cte.alias.lower(): (_renamed(cte), env)}
        match node:
            case exp.Union():
                return self._union(node, env, outer, wanted)
            case exp.Intersect():
                left = self.query(node.left, env, outer, wanted)
                right = self.query(node.right, env, outer, wanted)
                for one, other in zip(left.values(), right.values(), strict=False):
                    self.flat.conditions.append(exp.EQ(this=one.copy(), expression=other.copy()))
                return left
            case exp.Except():
                return self.query(node.left, env, outer, wanted)
            case exp.Select():
                return self._select(node, env, outer)
        raise NoWitnessError("It reads something other than tables.")

    def _union(
        self, node: exp.Union, env: Environment, outer: Sequence[Source], wanted: Mapping[str, str]
    ) -> dict[str, exp.Expr]:
        names = output_names(node)
        branches = [each for each in _branches(node) if _may_give(each, names, wanted)] or list(_branches(node))
        made = self.query(branches[self._pick(len(branches))], env, outer, wanted)
        return dict(zip(names, made.values(), strict=False))

    def _pick(self, number: int) -> int:
        if number < 2:
            return 0
        self.flat.choices += 1
        return self._choose(number)

    def _select(self, select: exp.Select, env: Environment, outer: Sequence[Source]) -> dict[str, exp.Expr]:
        first = len(self.flat.tables)
        is_grouped = select.args.get("group") is not None or any(is_aggregated(each) for each in select.selects)
        source = self._block(select, env, outer)
        more: list[Source] = []
        if is_grouped:
            more = [self._block(select, env, outer) for _ in range(self._blocks - 1)]
            self._group(select, source, more, outer, first)
        substitution = Substitution(source, outer, self._new_free, copies=self._copies, more=more)
        having = select.args.get("having")
        if having is not None:
            self._add(having.this, source, env, outer, substitution)
        qualify = select.args.get("qualify")
        if qualify is not None:
            self._add(qualify.this, source, env, outer, substitution)
        outputs: dict[str, exp.Expr] = {}
        for each in select.selects:
            try:
                outputs[each.alias_or_name.lower()] = substitution.of(each.unalias())
            except LeftOutError:
                outputs[each.alias_or_name.lower()] = exp.Placeholder(this="left_out")
        return outputs

    def _group(
        self, select: exp.Select, source: Source, more: Sequence[Source], outer: Sequence[Source], first: int
    ) -> None:
        columns: list[exp.Column] = []
        group = select.args.get("group")
        for column in group.find_all(exp.Column) if group is not None else ():
            try:
                made = Substitution(source, outer, self._new_free).of(column)
                columns += made.find_all(exp.Column)
                for other in more:
                    same = Substitution(other, outer, self._new_free).of(column)
                    self.flat.conditions.append(exp.EQ(this=made.copy(), expression=same))
            except LeftOutError:
                continue
        self.flat.groups.append((first, len(self.flat.tables), tuple(columns)))

    def _new_free(self) -> exp.Column:
        self.flat.free += 1
        return exp.column(f"f{self.flat.free}", table=FREE)

    def _block(self, select: exp.Select, env: Environment, outer: Sequence[Source]) -> Source:
        where = select.args.get("where")
        conditions = [] if where is None else list(_conjuncts(where.this))
        missing = {_tested_null(each) for each in conditions}
        source: Source = {}
        start = select.args.get("from_")
        joins = select.args.get("joins") or []
        if start is not None:
            self._source(start.this, source, env, outer, conditions)
        for join in joins:
            alias = join.this.alias_or_name.lower()
            is_absent = (join.side or "").upper() in ("LEFT", "FULL") and alias in missing
            self._source(join.this, source, env, outer, conditions, is_absent=is_absent)
            if not is_absent:
                self._join_using(join, alias, source)
        for join in joins:
            on = join.args.get("on")
            if on is not None and not _is_absent(source[join.this.alias_or_name.lower()]):
                self._add(on, source, env, outer)
        for each in conditions:
            self._add(each, source, env, outer)
        return source

    def _join_using(self, join: exp.Join, alias: str, source: Source) -> None:
        for name in join.args.get("using") or []:
            others = [outputs for other, outputs in source.items() if other != alias and name.name.lower() in outputs]
            if others and name.name.lower() in source[alias]:
                left, right = others[0][name.name.lower()], source[alias][name.name.lower()]
                self.flat.conditions.append(exp.EQ(this=left.copy(), expression=right.copy()))

    def _source(
        self,
        node: exp.Expr,
        source: Source,
        env: Environment,
        outer: Sequence[Source],
        conditions: Sequence[exp.Expr],
        *,
        is_absent: bool = False,
    ) -> None:
        """Add the outputs of a table, CTE or subquery under its alias; NULLs for the absent side of an outer join."""
        alias = node.alias_or_name.lower()
        wanted = _wanted_of(conditions, alias)
        made: dict[str, exp.Expr]
        if isinstance(node, exp.Table):
            name = node.name.lower()
            if name in env:
                body, inner = env[name]
                made = self.query(body, inner, (), wanted) if not is_absent else _nulls(output_names(body))
            elif name.startswith(_INTERNAL):
                made = self._occurrence(int(name.removeprefix(_INTERNAL)), is_absent=is_absent)
            else:
                raise NoWitnessError(f"There is no table {node.name}.")
        elif isinstance(node, exp.Subquery):
            made = self.query(node.this, env, [source, *outer], wanted)
            made = _nulls(list(made)) if is_absent else made
        else:
            raise NoWitnessError("It reads something other than tables.")
        given = node.args.get("alias")
        renamed = [each.name.lower() for each in given.columns] if isinstance(given, exp.TableAlias) else []
        source[alias] = dict(zip([*renamed, *list(made)[len(renamed) :]], made.values(), strict=True))

    def _occurrence(self, number: int, *, is_absent: bool) -> dict[str, exp.Expr]:
        names = list(self._facts.tables[number].columns)
        if is_absent:
            return _nulls(names)
        if len(self.flat.tables) >= MAX_OCCURRENCES:
            raise NoWitnessError("It reads too many tables.")
        self.flat.tables.append(number)
        return {name: exp.column(name, table=f"{PREFIX}{len(self.flat.tables) - 1}") for name in names}

    def _add(
        self,
        node: exp.Expr,
        source: Source,
        env: Environment,
        outer: Sequence[Source],
        substitution: Substitution | None = None,
    ) -> None:
        """Add a condition, or those that it stands for."""
        used = substitution or Substitution(source, outer, self._new_free)
        node = node.unnest()
        scopes = [source, *outer]
        match node:
            case exp.And():
                for each in _conjuncts(node):
                    self._add(each, source, env, outer, substitution)
                return
            case exp.Or() if has_query(node) or len({each.sql() for each in node.find_all(exp.Column)}) > 1:
                options = list(node.flatten())
                self._add(options[self._pick(len(options))], source, env, outer, substitution)
                return
            case exp.Not() if has_query(node):
                return
            case exp.Exists():
                self.query(node.this, env, scopes)
                return
            case exp.In() if node.args.get("query") is not None:
                made = list(self.query(node.args["query"], env, scopes).values())
                left = node.this.unnest()
                operands = left.expressions if isinstance(left, exp.Tuple) else [left]
                for operand, output in zip(operands, made, strict=False):
                    self._add(exp.EQ(this=operand.copy(), expression=output.copy()), source, env, outer, substitution)
                return
        if has_query(node):
            found = self._without_queries(node, source, env, outer, used)
            if found is None:
                return
            node = found
        try:
            self.flat.conditions.append(used.of(node))
        except LeftOutError:
            return

    def _without_queries(
        self, node: exp.Expr, source: Source, env: Environment, outer: Sequence[Source], used: Substitution
    ) -> exp.Expr | None:
        """Return a condition with the outputs of its scalar subqueries; None where these aggregate other rows."""
        node = node.copy()
        side: Side | None = compared_aggregate(node)
        for inner in list(node.find_all(exp.Subquery)):
            made = list(self.query(inner.this, env, [source, *outer]).values())[:1]
            if not made or isinstance(made[0], exp.Placeholder):
                return None
            if side is not None:
                self._mark(side.own, side.is_own_high, used)
                for column in made[0].find_all(exp.Column):
                    self._mark_column(column, not side.is_own_high)
                return None
            inner.replace(exp.Paren(this=made[0].copy()))
        return node

    def _mark(self, node: exp.Expr, is_high: bool, used: Substitution) -> None:
        try:
            for column in used.of(node).find_all(exp.Column):
                self._mark_column(column, is_high)
        except LeftOutError:
            return

    def _mark_column(self, column: exp.Column, is_high: bool) -> None:
        if column.table != FREE:
            self.flat.extremes.append((column.table, column.name, "high" if is_high else "low"))


def output_names(node: exp.Expr) -> list[str]:
    """Return the names of a query's outputs, in lower case."""
    node = node.unnest()
    while isinstance(node, exp.SetOperation):
        node = node.left.unnest()
    return [each.alias_or_name.lower() for each in node.selects] if isinstance(node, exp.Query) else []


def _renamed(cte: exp.CTE) -> exp.Expr:
    alias = cte.args.get("alias")
    names = [each.name for each in alias.columns] if isinstance(alias, exp.TableAlias) else []
    body: exp.Expr = cte.this.copy()
    inner = body.unnest()
    while isinstance(inner, exp.SetOperation):
        inner = inner.left.unnest()
    if names and isinstance(inner, exp.Select):
        made = [exp.alias_(each.unalias(), name) for each, name in zip(inner.selects, names, strict=False)]
        inner.set("expressions", made)
    return body


def _branches(node: exp.Expr) -> list[exp.Expr]:
    node = node.unnest()
    if isinstance(node, exp.Union) and node.args.get("with_") is None:
        return [*_branches(node.left), *_branches(node.right)]
    return [node]


def _may_give(branch: exp.Expr, names: Sequence[str], wanted: Mapping[str, str]) -> bool:
    """Return whether a branch of a UNION gives the literals that its outputs are compared with."""
    if not isinstance(branch, exp.Select):
        return True
    for name, each in zip(names, branch.selects, strict=False):
        made = each.unalias()
        if name in wanted and isinstance(made, exp.Literal) and made.this != wanted[name]:
            return False
    return True


def _conjuncts(node: exp.Expr) -> list[exp.Expr]:
    node = node.unnest()
    if isinstance(node, exp.And):
        return [*_conjuncts(node.left), *_conjuncts(node.right)]
    return [node]


def _tested_null(node: exp.Expr) -> str | None:
    is_test = isinstance(node, exp.Is) and isinstance(node.this, exp.Column) and isinstance(node.expression, exp.Null)
    return node.this.table.lower() if is_test else None


def _wanted_of(conditions: Sequence[exp.Expr], alias: str) -> dict[str, str]:
    found = {}
    for each in conditions:
        if isinstance(each, exp.EQ):
            left, right = each.left, each.right
            if isinstance(left, exp.Column) and isinstance(right, exp.Literal) and left.table.lower() == alias:
                found[left.name.lower()] = right.this
    return found


def _nulls(names: Sequence[str]) -> dict[str, exp.Expr]:
    return {name: exp.Null() for name in names}


def _is_absent(outputs: Mapping[str, exp.Expr]) -> bool:
    return bool(outputs) and all(isinstance(each, exp.Null) for each in outputs.values())
