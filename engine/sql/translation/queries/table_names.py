"""Table names: the database part is dropped, schemas and experiments match the session's names."""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.tree.nodes import literal_text
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.scopes import Columns, Source, list_columns
from engine.sql.translation.tree.translator import Context

_DEFAULT_SCHEMAS = frozenset({"public", "main", "dbo"})


def translate_table(node: exp.Table, context: Context) -> exp.Expr:
    """Translate a table name and add the table to the scope.

    The database part is dropped, as a session has one database. A default schema (`public`) is dropped where the
    experiment has no schema with that name; `shop.sales.orders` from another experiment is `shop__sales__orders`.
    """
    node = _read_name_function(node)
    parts = [part.name for part in node.parts]
    if len(parts) > 3:
        raise UntranslatableError(node, "A table name has at most three parts: database, schema and table.")
    found, columns = context.scope.cte(parts[0]) if len(parts) == 1 else (False, None)
    if found:
        return _add_source(node, parts[-1], columns, context)
    if len(parts) > 1 and not _is_known(parts, context):
        parts = _drop_prefixes(node, parts, context)
    known = context.catalog.table(parts)
    return _add_source(node, parts[-1], list_columns(*known) if known else None, context)


def _is_known(parts: list[str], context: Context) -> bool:
    return len(parts) == 2 and context.catalog.table(parts) is not None


def _drop_prefixes(node: exp.Table, parts: list[str], context: Context) -> list[str]:
    """Drop leading parts that are a database or default schema; return the rest."""
    experiment = context.catalog.experiment(parts[0])
    original = parts[-1]
    if len(parts) == 3 and experiment is not None and not context.catalog.is_current(experiment):
        flat = "__".join(part for part in parts if part.lower() not in _DEFAULT_SCHEMAS)
        node.set("catalog", None)
        node.set("db", None)
        _rename(node, flat, original)
        return [flat]
    if len(parts) == 3:
        node.set("catalog", None)
        parts = parts[1:]
    if context.catalog.table(parts) is None and context.catalog.table(parts[-1:]) is not None:
        if parts[0].lower() in _DEFAULT_SCHEMAS:
            node.set("db", None)
            return parts[-1:]
        if context.catalog.experiment(parts[0]) is not None:
            return parts
    return parts


def _rename(node: exp.Table, name: str, original: str) -> None:
    meta = node.this.meta
    node.set("this", exp.to_identifier(name))
    node.this.meta.update(meta)
    if not node.alias:
        node.set("alias", exp.TableAlias(this=exp.to_identifier(original)))


def is_name_function(node: exp.Expr) -> bool:
    """Whether a source is IDENTIFIER() or TABLE() around a table name."""
    if not isinstance(node, exp.Anonymous):
        return False
    if node.name.upper() == "IDENTIFIER":
        return True
    (inner,) = node.expressions if len(node.expressions) == 1 else (None,)
    return (
        node.name.upper() == "TABLE"
        and inner is not None
        and (literal_text(inner) is not None or is_name_function(inner))
    )


def _read_name_function(node: exp.Table) -> exp.Table:
    """Replace `IDENTIFIER('sales.orders')` and `TABLE('sales.orders')` with the name in it.

    https://docs.snowflake.com/en/sql-reference/identifier-literal
    https://docs.snowflake.com/en/sql-reference/literals-table
    """
    inner = node.this
    if not is_name_function(inner):
        return node
    if inner.expressions and is_name_function(inner.expressions[0]):
        inner = inner.expressions[0]
    literal = literal_text(inner.expressions[0]) if inner.expressions else None
    if literal is None:
        raise UntranslatableError(node, "IDENTIFIER() takes a string literal.")
    named = exp.to_table(literal, dialect=None)
    for key in ("this", "db", "catalog"):
        node.set(key, named.args.get(key))
    for part in node.parts:
        part.meta.update(inner.meta)
    return node


def _add_source(node: exp.Table, name: str, columns: Columns | None, context: Context) -> exp.Table:
    alias = node.args.get("alias")
    renamed = [column.name.lower() for column in alias.args.get("columns") or ()] if alias else []
    if renamed and columns is not None:
        columns = dict(zip(renamed, columns.values(), strict=False))
    context.scope.sources.append(Source(node.alias or name, columns))
    return node
