"""Sources of a FROM: tables, subqueries, VALUES, table functions, LATERAL and unnested arrays."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from engine.sql.translation.queries import table_functions
from engine.sql.translation.queries.input_rows import number_source
from engine.sql.translation.queries.join_keys import unify_keys
from engine.sql.translation.queries.pivots import translate_pivots
from engine.sql.translation.queries.table_names import is_name_function, translate_table
from engine.sql.translation.tree.nodes import as_json, call, text
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.scopes import Columns, Scope, Source
from engine.sql.translation.tree.timestamp_offsets import as_common
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import BIGINT, JSON, VARCHAR, common_type, set_type, type_of


def translate_source(node: exp.Expr, context: Context) -> exp.Expr:
    """Translate one source of a FROM and add it to the scope."""
    if isinstance(node, exp.Table) and isinstance(node.this, exp.Anonymous) and not is_name_function(node.this):
        result = table_functions.translate_table_function(node.this, node.args.get("alias"), context)
    elif isinstance(node, exp.Table):
        result = _add_joins(node, translate_table(node, context), context)
    elif isinstance(node, exp.Values):
        result = translate_values(node, context)[0]
    elif isinstance(node, exp.Lateral):
        result = _translate_lateral(node, context)
    elif isinstance(node, exp.Unnest | exp.AtIndex):
        result = _translate_elements(node, context)
    elif isinstance(node, exp.Pivot):
        result = _translate_object_entries(node, context)
    elif isinstance(node, exp.Subquery):
        result = _translate_subquery(node, context)
    else:
        raise UntranslatableError(node, "This kind of source is not supported.")
    return translate_pivots(result, context)


def translate_values(node: exp.Values, context: Context) -> tuple[exp.Expr, Columns | None]:
    """Translate VALUES and name its columns `column1`, `column2`, ... as Snowflake does.

    https://docs.snowflake.com/en/sql-reference/constructs/values
    """
    rows = [context.translator.translate(row, context) for row in node.expressions]
    node.set("expressions", rows)
    cells = [list(row.expressions) if isinstance(row, exp.Tuple) else [row] for row in rows]
    width = len(cells[0]) if cells else 0
    for row, row_cells in zip(rows, cells, strict=True):
        if len(row_cells) != width or not row_cells:
            raise UntranslatableError(row, "The rows of VALUES must have the same number of values.")
    for index in range(width):
        shared = as_common([row_cells[index] for row_cells in cells], is_snowflake=context.is_snowflake)
        for row_cells, cell in zip(cells, shared, strict=True):
            row_cells[index] = cell
    node.set("expressions", [exp.Tuple(expressions=row_cells) for row_cells in cells])
    kinds = [common_type([type_of(row_cells[index]) for row_cells in cells]) for index in range(width)]
    alias = node.args.get("alias") or exp.TableAlias(this=exp.to_identifier("values"))
    names = [column.name for column in alias.args.get("columns") or ()]
    if not names:
        names = [f"column{index + 1}" for index in range(width)]
        alias.set("columns", [exp.to_identifier(name) for name in names])
    if alias.this is None:
        alias.set("this", exp.to_identifier("values"))
    node.set("alias", alias)
    columns = {name.lower(): kind for name, kind in zip(names, kinds, strict=False)}
    context.scope.sources.append(Source(alias.name, columns))
    return node, columns


def add_lateral_condition(join: exp.Join) -> None:
    """Join a lateral source with `ON TRUE`, which DuckDB requires after LEFT JOIN."""
    if isinstance(join.this, exp.Lateral) and join.side and not join.args.get("on"):
        join.set("on", exp.true())


def extract_lists(source: exp.Expr, context: Context) -> exp.Expr | None:
    """Move the lists that a lateral source unnests into a source before it, and return that source.

    DuckDB preserves the order of elements only when it unnests a plain column.
    """
    if not isinstance(source, exp.Lateral) or not isinstance(source.this.this, exp.Select):
        return None
    lists: list[exp.Expr] = []
    for unnest in source.this.this.find_all(exp.Anonymous):
        if unnest.name == "unnest" and not isinstance(unnest.expressions[0], exp.Column):
            name = f"elements_{len(context.scope.hidden) + 1}"
            context.scope.hidden.append(name)
            lists.append(exp.alias_(unnest.expressions[0], name))
            unnest.set("expressions", [exp.column(name), *unnest.expressions[1:]])
    if not lists:
        return None
    select = exp.Subquery(this=exp.Select(expressions=lists))
    return exp.Lateral(this=select, alias=exp.TableAlias(this=exp.to_identifier(f"lists_{len(context.scope.hidden)}")))


def hide_columns(star: exp.Star, context: Context) -> None:
    """Exclude the translation's hidden columns from `*` and `t.*`."""
    names = context.scope.hidden
    if isinstance(star.parent, exp.Column):
        source = context.scope.source(star.parent.table)
        names = [source.row_number] if source is not None and source.row_number else []
    if names:
        hidden = [exp.column(name) for name in names]
        star.set("except_", [*(star.args.get("except_") or ()), *hidden])


def _add_joins(node: exp.Expr, result: exp.Expr, context: Context) -> exp.Expr:
    """Add the joins in the same parentheses to a translated source."""
    joins = node.args.get("joins")
    if not joins:
        return result
    node.set("joins", None)
    result = number_source(result, context)
    holder = exp.Paren(this=result)
    for join in joins:
        join.set("this", number_source(translate_source(join.this, context), context))
        unify_keys(join, [holder, *joins], context)
        condition = join.args.get("on")
        if condition is not None:
            join.set("on", context.translator.translate(condition, context))
    result = holder.this
    result.set("joins", joins)
    return result


def _translate_subquery(node: exp.Subquery, context: Context) -> exp.Expr:
    if isinstance(node.this, exp.Table) or (node.this.args.get("joins") and not isinstance(node.this, exp.Select)):
        node.set("this", translate_source(node.this, context))  # a join in parentheses
        return _add_joins(node, node, context)
    around = Scope(parent=context.scope, is_derived=True)
    result, columns = context.translator.translate_query(node.this, context.inside(around))
    node.set("this", result)
    alias = node.args.get("alias")
    renamed = [column.name.lower() for column in alias.args.get("columns") or ()] if alias else []
    if renamed and columns is not None:
        kinds = (replace(kind, is_repeated=False) for kind in columns.values())
        columns = dict(zip(renamed, kinds, strict=False))
    context.scope.sources.append(Source(node.alias, columns))
    return _add_joins(node, node, context)


def _translate_lateral(node: exp.Lateral, context: Context) -> exp.Expr:
    inner = node.this
    if isinstance(inner, exp.Anonymous):
        return table_functions.translate_table_function(inner, node.args.get("alias"), context)
    if isinstance(inner, exp.Subquery):
        result, columns = context.translator.translate_query(inner.this, context)
        inner.set("this", result)
        context.scope.sources.append(Source(node.alias, columns))
        return node
    raise UntranslatableError(node, "This form of LATERAL is not supported.")


def _translate_elements(node: exp.Expr, context: Context) -> exp.Expr:
    """Translate `FROM t, t.items AS item [AT place]`: one row for each element of a SUPER array.

    https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#unnest
    """
    key_name = node.expression.name if isinstance(node, exp.AtIndex) else None
    inner = node.this if isinstance(node, exp.AtIndex) else node
    if isinstance(inner, exp.Unnest):
        array = inner.expressions[0]
        alias = inner.args.get("alias")
        name = (alias.columns[0].name if alias and alias.columns else inner.alias) or array.name
    else:
        array, name = (inner.this, inner.alias) if isinstance(inner, exp.Alias) else (inner, inner.name)
    elements = call("dw_elements", as_json(context.translator.translate(array, context)))
    columns = {name.lower(): JSON}
    projections = [exp.alias_(call("unnest", elements), name, quoted=True)]
    if key_name:
        columns[key_name.lower()] = BIGINT
        numbers = call("range", call("len", elements.copy()))
        projections.append(exp.alias_(call("unnest", numbers), key_name, quoted=True))
    context.scope.sources.append(Source(name, columns, is_element=True))
    return _make_lateral(projections, name)


def _translate_object_entries(node: exp.Pivot, context: Context) -> exp.Expr:
    """Translate `FROM t, UNPIVOT t.object AS value AT name`: one row for each entry of a SUPER object.

    https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#unpivoting
    """
    inner, key_name = node.this, ""
    if isinstance(inner, exp.AtIndex):
        inner, key_name = inner.this, inner.expression.name
    source, name = (inner.this, inner.alias) if isinstance(inner, exp.Alias) else (inner, inner.name)
    entries = as_json(context.translator.translate(source, context))
    columns = {name.lower(): JSON}
    projections = [exp.alias_(call("unnest", call("dw_entry_values", entries)), name, quoted=True)]
    if key_name:
        columns[key_name.lower()] = VARCHAR
        keys = call("json_keys", entries.copy(), text("$"))
        projections.append(exp.alias_(call("unnest", keys), key_name, quoted=True))
    context.scope.sources.append(Source(name, columns, is_element=True))
    return _make_lateral(projections, name)


def _make_lateral(projections: list[exp.Expr], name: str) -> exp.Expr:
    select = exp.Subquery(this=exp.Select(expressions=projections))
    return set_type(exp.Lateral(this=select, alias=exp.TableAlias(this=exp.to_identifier(name, quoted=True))), JSON)
