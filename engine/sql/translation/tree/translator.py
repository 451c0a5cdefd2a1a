"""The walk: every query from its innermost sources outwards, every expression from its leaves upwards.

So a rewrite always sees arguments that are translated already and whose types are known. A rewrite of an aggregate
may wrap its result; the wrapping goes around OVER, FILTER and WITHIN GROUP, which DuckDB takes only at the aggregate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlglot import exp

from engine.sql.translation.tree.case_names import CaseNames
from engine.sql.translation.tree.refusals import UntranslatableError, offset_of
from engine.sql.translation.tree.scopes import Catalog, Columns, Scope
from engine.sql.translation.tree.value_types import UNKNOWN, common, type_of, typed

Rewrite = Callable[[Any, "Context"], exp.Expr]
WRAP = "wrap"
COLUMN_TYPES = "column_types"
"""The key of a query's meta data under which the types of its columns are noted."""
AGGREGATE = "aggregate"
"""Marks the call of an aggregate, whose arguments are values of single rows."""
_AROUND_AGGREGATES = (exp.Window, exp.Filter, exp.WithinGroup, exp.IgnoreNulls, exp.RespectNulls)


@dataclass(frozen=True)
class Context:
    """What a rewrite may ask for: the dialect, the names it sees, and the translator for further nodes."""

    dialect: str
    catalog: Catalog
    translator: Translator
    scope: Scope = field(default_factory=Scope)

    def note(self, message: str) -> None:
        """Tell the user of something approximated."""
        if message not in self.translator.notes:
            self.translator.notes.append(message)

    def inside(self, scope: Scope) -> Context:
        """Return the same context in another scope."""
        return replace(self, scope=scope)

    @property
    def is_snowflake(self) -> bool:
        """Whether the dialect is Snowflake's."""
        return self.dialect == "snowflake"

    @property
    def vendor(self) -> str:
        """The name of the warehouse."""
        return self.dialect.title()


class Translator:
    """Translates trees with the rewrites of a dialect: `before` sees a node first, `after` when its parts are done."""

    def __init__(
        self,
        before: dict[type[exp.Expr], Rewrite],
        after: dict[type[exp.Expr], Rewrite],
        query: Callable[[exp.Expr, Context], tuple[exp.Expr, Columns | None]],
        names: CaseNames | None = None,
    ) -> None:
        self.names = names or CaseNames()
        self.has_elements = False
        self.notes: list[str] = []
        self.has_guarded_values = False  # a COALESCE with values that may fail where they are computed
        self._before = before
        self._after = after
        self._query = query

    def query(self, node: exp.Expr, context: Context) -> tuple[exp.Expr, Columns | None]:
        """Translate a query; return it with the types of its columns."""
        return self._query(node, context)

    def expression(self, node: exp.Expr, context: Context) -> exp.Expr:
        """Translate an expression with everything in it."""
        if isinstance(node, exp.Query):
            made, columns = self._query(node, context)
            kinds = list((columns or {}).values())
            made.meta[COLUMN_TYPES] = kinds
            return typed(made, kinds[0] if len(kinds) == 1 else UNKNOWN)
        first = self._before.get(type(node))
        if first is not None:
            return self._finished(node, first(node, context))
        self.parts(node, context)
        rewrite = self._after.get(type(node))
        made = rewrite(node, context) if rewrite is not None else _passed_through(node, context)
        return self._finished(node, made)

    def parts(self, node: exp.Expr, context: Context) -> None:
        """Translate what a node holds, in place."""
        for key, value in list(node.args.items()):
            if isinstance(value, exp.Expr):
                if not isinstance(value, exp.Identifier):
                    made = self.expression(value, context)
                    if made is not value:
                        node.set(key, made)
            elif isinstance(value, list) and value:
                made_list = [self.expression(each, context) if isinstance(each, exp.Expr) else each for each in value]
                node.set(key, made_list)

    def _finished(self, old: exp.Expr, made: exp.Expr) -> exp.Expr:
        if made is not old and "start" not in made.meta:
            offset = old.meta.get("start", offset_of(old) if old.parent is None else None)
            if offset is not None:
                made.meta["start"] = offset
        wrap = made.meta.get(WRAP)
        if wrap is not None and not (isinstance(old.parent, _AROUND_AGGREGATES) and old.arg_key == "this"):
            del made.meta[WRAP]
            wrapped: exp.Expr = wrap(made)
            return wrapped
        return made


def _passed_through(node: exp.Expr, context: Context) -> exp.Expr:
    """Give a node that only surrounds another one its type.

    Raises `UntranslatableError` for a function of a syntax of its own that no rewrite knows.
    """
    if isinstance(node, exp.Func) and not isinstance(node, _KNOWN_FUNCTIONS):
        name = type(node).sql_name()
        raise UntranslatableError(node, f"{context.vendor}'s {name} is not supported.")
    inner = node.args.get("this")
    if isinstance(node, exp.Case):
        values = [branch.args["true"] for branch in node.args["ifs"]]
        default = node.args.get("default")
        return typed(node, common([type_of(value) for value in [*values, *([default] if default else [])]]))
    if isinstance(inner, exp.Expr):
        if WRAP in inner.meta and isinstance(node, _AROUND_AGGREGATES):
            node.meta[WRAP] = inner.meta.pop(WRAP)
        if isinstance(node, _TRANSPARENT):
            typed(node, type_of(inner))
    return node


_KNOWN_FUNCTIONS = (exp.Anonymous, exp.Case, exp.If, exp.Connector, exp.Exists, exp.Any, exp.Cast)
_TRANSPARENT = (*_AROUND_AGGREGATES, exp.Paren, exp.Alias, exp.Neg, exp.Ordered, exp.Subquery)
