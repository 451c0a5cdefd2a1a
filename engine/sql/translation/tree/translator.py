"""The tree walk: each query from its innermost sources outwards, each expression from its leaves upwards.

So a rewrite always sees translated arguments with known types. A rewrite of an aggregate may wrap its result; the
wrapper goes around OVER, FILTER and WITHIN GROUP, which DuckDB accepts only directly at the aggregate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlglot import exp

from engine.sql.translation.tree.case_names import CaseNames
from engine.sql.translation.tree.refusals import UntranslatableError, find_offset
from engine.sql.translation.tree.scopes import Catalog, Columns, Scope
from engine.sql.translation.tree.value_types import UNKNOWN, common_type, set_type, type_of

Rewrite = Callable[[Any, "Context"], exp.Expr]
WRAP = "wrap"
COLUMN_TYPES = "column_types"
"""The metadata key of a query's column types."""
AGGREGATE = "aggregate"
"""Marks an aggregate call, whose arguments are values of single rows."""
_AROUND_AGGREGATES = (exp.Window, exp.Filter, exp.WithinGroup, exp.IgnoreNulls, exp.RespectNulls)


@dataclass(frozen=True)
class Context:
    """What a rewrite needs: the dialect, the visible names, and the translator for further nodes."""

    dialect: str
    catalog: Catalog
    translator: Translator
    scope: Scope = field(default_factory=Scope)

    def note(self, message: str) -> None:
        """Add a note for the user, such as an approximation."""
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
    """Translates trees with rewrites: `before` runs on a node first, `after` when its children are translated."""

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

    def translate_query(self, node: exp.Expr, context: Context) -> tuple[exp.Expr, Columns | None]:
        """Translate a query; return it with its column types."""
        return self._query(node, context)

    def translate(self, node: exp.Expr, context: Context) -> exp.Expr:
        """Translate an expression and everything in it."""
        if isinstance(node, exp.Query):
            result, columns = self._query(node, context)
            kinds = list((columns or {}).values())
            result.meta[COLUMN_TYPES] = kinds
            return set_type(result, kinds[0] if len(kinds) == 1 else UNKNOWN)
        first = self._before.get(type(node))
        if first is not None:
            return self._finish(node, first(node, context))
        self.translate_parts(node, context)
        rewrite = self._after.get(type(node))
        result = rewrite(node, context) if rewrite is not None else _pass_through(node, context)
        return self._finish(node, result)

    def translate_parts(self, node: exp.Expr, context: Context) -> None:
        """Translate the children of a node in place."""
        for key, value in list(node.args.items()):
            if isinstance(value, exp.Expr):
                if not isinstance(value, exp.Identifier):
                    result = self.translate(value, context)
                    if result is not value:
                        node.set(key, result)
            elif isinstance(value, list) and value:
                translated_list = [
                    self.translate(each, context) if isinstance(each, exp.Expr) else each for each in value
                ]
                node.set(key, translated_list)

    def _finish(self, old: exp.Expr, result: exp.Expr) -> exp.Expr:
        if result is not old and "start" not in result.meta:
            offset = old.meta.get("start", find_offset(old) if old.parent is None else None)
            if offset is not None:
                result.meta["start"] = offset
        wrap = result.meta.get(WRAP)
        if wrap is not None and not (isinstance(old.parent, _AROUND_AGGREGATES) and old.arg_key == "this"):
            del result.meta[WRAP]
            wrapped: exp.Expr = wrap(result)
            return wrapped
        return result


def _pass_through(node: exp.Expr, context: Context) -> exp.Expr:
    """Copy the type of the inner node to a node that only wraps it.

    Raises `UntranslatableError` for a function with special syntax that has no rewrite.
    """
    if isinstance(node, exp.Func) and not isinstance(node, _KNOWN_FUNCTIONS):
        name = type(node).sql_name()
        raise UntranslatableError(node, f"{context.vendor}'s {name} is not supported.")
    inner = node.args.get("this")
    if isinstance(node, exp.Case):
        values = [branch.args["true"] for branch in node.args["ifs"]]
        default = node.args.get("default")
        return set_type(node, common_type([type_of(value) for value in [*values, *([default] if default else [])]]))
    if isinstance(inner, exp.Expr):
        if WRAP in inner.meta and isinstance(node, _AROUND_AGGREGATES):
            node.meta[WRAP] = inner.meta.pop(WRAP)
        if isinstance(node, _TRANSPARENT):
            set_type(node, type_of(inner))
    return node


_KNOWN_FUNCTIONS = (exp.Anonymous, exp.Case, exp.If, exp.Connector, exp.Exists, exp.Any, exp.Cast)
_TRANSPARENT = (*_AROUND_AGGREGATES, exp.Paren, exp.Alias, exp.Neg, exp.Ordered, exp.Subquery)
