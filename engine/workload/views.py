"""Views of a workload: a statement that uses one is given it as a CTE in front.

References are found in the parsed tree and replaced in the text, so that the rest stays as it was written. A view's CTE
has a name of its own (`orders__model`): the import CTEs of dbt, `with orders as (select * from {{ ref('orders') }})`,
have the name of their model.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from engine.sql.sqlglot_parser import silent_sqlglot
from engine.workload.templates import MODEL_SUFFIX

_MOST_VIEWS = 300
_WITH = re.compile(r"WITH\b\s*(RECURSIVE\b\s*)?", re.I)


@dataclass(frozen=True, slots=True)
class View:
    """A view: its query, and why statements that use it do not run."""

    name: str
    sql: str
    columns: str = ""
    """The names of its columns in parentheses, as CREATE VIEW states them."""

    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Expanded:
    """A statement with its views in front; `prefix_lines` is the number of line breaks of these."""

    sql: str
    prefix_lines: int = 0
    fault: str | None = None


class UnparsedError(Exception):
    """A text is no SQL that is understood; the message says why, `line` counts from 1 in the text."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def parse(sql: str, dialect: str) -> exp.Expr:
    """Return the tree of a query; raises `UnparsedError`."""
    try:
        with silent_sqlglot():
            tree = sqlglot.parse_one(sql, read=dialect)
    except SqlglotError as error:
        found = (getattr(error, "errors", None) or [{}])[0]
        what = str(found.get("description") or str(error).partition("\n")[0]).rstrip(".")
        if "<class" in what:
            what = f"Syntax error near {str(found.get('highlight') or 'its end')!r}"
        raise UnparsedError(f"{what}.", int(found.get("line") or 1)) from error
    except (RecursionError, ValueError, AttributeError, TypeError, KeyError, IndexError) as error:
        raise UnparsedError("The parser cannot read it.") from error
    if not isinstance(tree, exp.Query):
        raise UnparsedError("It is no SELECT.")
    return tree


def expand(
    sql: str,
    dialect: str,
    views: Mapping[str, View],
    tables: Collection[str],
    *,
    resolves_inside: bool = True,
    known: dict[str, tuple[str, list[str]]] | None = None,
) -> Expanded:
    """Return a statement with the views it uses as CTEs; `tables` are names (lower case) that are no views.

    Views that the views use are resolved too, unless `resolves_inside` is false. `known` keeps what the views say, so
    that each is parsed once for many statements over the same views.
    Raises `UnparsedError` when the statement, or a view that it uses, cannot be parsed, and for more than 300 views.
    """
    known = {} if known is None else known
    bodies: dict[str, str] = {}
    faults: list[str] = []

    def add(name: str, using: tuple[str, ...]) -> None:
        if name in bodies:
            return
        if name in using:
            raise UnparsedError(f"The views {', '.join((*using, name))} use each other.")
        if len(using) + len(bodies) >= _MOST_VIEWS:
            raise UnparsedError(f"It uses more than {_MOST_VIEWS} views, one inside another or side by side.")
        view = views[name]
        if view.fault:
            faults.append(f"It uses {view.name}: {view.fault}")
        if name not in known:
            known[name] = _replace_references(view.sql, dialect, views if resolves_inside else {}, tables)
        text, used = known[name]
        for each in used:
            add(each, (*using, name))
        bodies[name] = f"{_cte_name(name)}{view.columns} AS (\n{text}\n)"

    text, used = _replace_references(sql, dialect, views, tables)
    for each in used:
        add(each, ())
    if not bodies:
        return Expanded(text)
    own = _WITH.match(text)
    is_recursive = own is not None and own[1] is not None
    prefix = f"WITH {'RECURSIVE ' if is_recursive else ''}{', '.join(bodies.values())}{',' if own else ''} "
    return Expanded(prefix + text[own.end() if own else 0 :], prefix.count("\n"), faults[0] if faults else None)


def _cte_name(name: str) -> str:
    return re.sub(r"\W", "_", name) + MODEL_SUFFIX


def _replace_references(
    sql: str, dialect: str, views: Mapping[str, View], tables: Collection[str]
) -> tuple[str, list[str]]:
    """Return the text with names of CTEs in place of views, and the views."""
    lowered = sql.lower()
    if MODEL_SUFFIX not in sql and not any(name in lowered for name in views):
        parse(sql, dialect)
        return sql, []
    edits: list[tuple[int, int, str]] = []
    used: dict[str, None] = {}
    for table in parse(sql, dialect).find_all(exp.Table):
        place = locate_name(table)
        if place is None:
            continue
        name = table.name.lower()
        is_model = name.endswith(MODEL_SUFFIX)
        name = name.removesuffix(MODEL_SUFFIX)
        if is_model and name not in views:
            edits.append((*place, table.name[: -len(MODEL_SUFFIX)]))
        elif is_model or (name in views and name not in tables and not (not table.db and _is_cte(table, name))):
            used[name] = None
            alias = "" if table.alias else f" AS {_alias_of(table, name)}"
            edits.append((*place, _cte_name(name) + alias))
    for start, end, text in sorted(edits, reverse=True):
        sql = sql[:start] + text + sql[end:]
    return sql, list(used)


def _alias_of(table: exp.Table, name: str) -> str:
    written = table.name.removesuffix(MODEL_SUFFIX)
    quoted = isinstance(table.this, exp.Identifier) and table.this.quoted
    return f'"{written}"' if quoted or not name.isidentifier() else written


def locate_name(table: exp.Table) -> tuple[int, int] | None:
    """Return the offsets of a table's name in the text, with the names before it."""
    parts = [part for part in table.parts if isinstance(part, exp.Identifier) and "start" in part.meta]
    if len(parts) != len(table.parts) or not parts:
        return None
    return int(parts[0].meta["start"]), int(parts[-1].meta["end"]) + 1


def _is_cte(table: exp.Table, name: str) -> bool:
    """Return whether a CTE of that name is visible where the table stands."""
    return any(cte.alias.lower() == name for cte in _visible_ctes(table))


def _visible_ctes(table: exp.Table) -> Iterator[exp.CTE]:
    inside: set[int] = {id(table)}
    node: exp.Expr | None = table
    while node is not None:
        inside.add(id(node))
        clause = node.args.get("with_") or node.args.get("with")
        if isinstance(clause, exp.With):
            for cte in clause.expressions:
                if id(cte) in inside:
                    if clause.recursive:
                        yield cte
                    break
                yield cte
        node = node.parent
