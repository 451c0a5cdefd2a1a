"""Whole queries: WITH, SELECT, set operations and VALUES, and the order in which their parts are translated."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from sqlglot import exp

from engine.sql.translation.expressions import casts
from engine.sql.translation.padding.text_grouping import group_texts
from engine.sql.translation.padding.text_sets import IS_RECURSIVE, combine_texts, note_outputs
from engine.sql.translation.padding.text_sorting import order_texts
from engine.sql.translation.padding.trailing_blanks import make_rows_distinct
from engine.sql.translation.queries import hierarchies, sources, stars
from engine.sql.translation.queries.input_rows import needs_numbers, number_source
from engine.sql.translation.queries.join_keys import unify_keys
from engine.sql.translation.queries.recursion import (
    cast_nulls,
    describe_rounding,
    fill_null_types,
    has_self_reference,
    mark_recursion,
)
from engine.sql.translation.tree.case_names import check_same_names, note_star_columns, resolve_star, resolve_using
from engine.sql.translation.tree.headers import HEADER, STAR_TYPES
from engine.sql.translation.tree.nodes import literal_text
from engine.sql.translation.tree.projections import group_equal_values, merge_offsets, order_by_numbers, share_types
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.scopes import Columns, Scope
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import NULL, UNKNOWN, ValueType, common_type, set_type, type_of

_AFTER_SELECT = ("where", "group", "having", "qualify", "windows", "order", "limit", "offset", "distinct")


def translate_query(node: exp.Expr, context: Context) -> tuple[exp.Expr, Columns | None]:
    """Translate a query; return it with its columns, None where they are not known."""
    inner = context.inside(Scope(parent=context.scope))
    _translate_with(node, inner)
    if isinstance(node, exp.Select):
        return _translate_select(node, inner)
    if isinstance(node, exp.SetOperation):
        return _translate_set_operation(node, inner)
    if isinstance(node, exp.Subquery):
        result, columns = translate_query(node.this, inner)
        node.set("this", result)
        _translate_modifiers(node, inner, ("order", "limit", "offset"))
        return node, columns
    if isinstance(node, exp.Values):
        result, columns = sources.translate_values(node, inner)
        star = exp.Star()
        star.meta[STAR_TYPES] = list((columns or {}).items())
        return exp.Select(expressions=[star]).from_(result, copy=False), columns
    if isinstance(node, exp.Table):
        result = sources.translate_source(node, inner)
        return result, inner.scope.sources[-1].columns
    raise UntranslatableError(node, "This form of query is not supported.")


def _translate_with(node: exp.Expr, context: Context) -> None:
    clause = node.args.get("with_")
    if clause is None:
        return
    recursive = set()
    for cte in clause.expressions:
        names = [column.name.lower() for column in cte.args["alias"].args.get("columns") or ()]
        key, is_recursive, first, seen = cte.alias.lower(), has_self_reference(cte), None, None
        if is_recursive and (context.is_snowflake or clause.args.get("recursive")):  # optional in Snowflake
            recursive.add(key)
            cte.this.meta[IS_RECURSIVE] = True
            first, seen = _find_recursive_columns(cte, names, context)
        context.scope.ctes[key] = seen
        result, columns = translate_query(cte.this, context)
        cast_nulls(result, first, seen)
        if note := describe_rounding(cte.alias, seen, columns):
            context.note(note)
        cte.set("this", result)
        context.scope.ctes[key] = _rename(columns, names)
    mark_recursion(clause, recursive)


def _find_recursive_columns(cte: exp.CTE, names: list[str], context: Context) -> tuple[Columns | None, Columns | None]:
    """Return the columns of the first part of a WITH RECURSIVE, and those that the second part reads."""
    first = translate_query(cte.this.left.copy(), context)[1]
    if first is None:
        return None, None
    seen = {name: replace(kind, is_trimmed=False) for name, kind in first.items()}
    if NULL in seen.values():
        context.scope.ctes[cte.alias.lower()] = _rename(seen, names)
        seen = fill_null_types(seen, translate_query(cte.this.right.copy(), context)[1])
    return first, _rename(seen, names)


def _rename(columns: Columns | None, names: list[str]) -> Columns | None:
    if columns is None or not names:
        return columns
    kinds = (replace(kind, is_repeated=False) for kind in columns.values())
    return dict(zip(names, kinds, strict=False))


def _translate_set_operation(node: exp.SetOperation, context: Context) -> tuple[exp.Expr, Columns | None]:
    left, columns = translate_query(node.left, context)
    right, others = translate_query(node.right, context)
    node.set("this", left)
    node.set("expression", right)
    _convert_literals(left, columns, others)
    _convert_literals(right, others, columns)
    if node.args.get("by_name") and context.translator.names:
        check_same_names(node.expression, columns or {}, others or {}, context.translator.names)
    share_types(node, columns, others, context)
    context.scope.aliases = dict(columns or {})
    if columns is not None and others is not None and len(columns) == len(others):
        kinds = zip(columns.items(), others.values(), strict=True)
        columns = {name: common_type([one, other]) for (name, one), other in kinds}
        context.scope.aliases = dict(columns)
    _translate_modifiers(node, context, ("order", "limit", "offset"))
    order_by_numbers(node, columns)
    result = combine_texts(node, context)
    order_texts(result, context)
    return merge_offsets(result, columns), columns


def _convert_literals(query: exp.Expr, columns: Columns | None, others: Columns | None) -> None:
    """Convert literals of a SELECT to dates where the other part of a set operation has dates.

    https://docs.snowflake.com/en/sql-reference/operators-query#general-usage-notes
    """
    if not isinstance(query, exp.Select) or columns is None or others is None or len(columns) != len(others):
        return
    for projection, other in zip(query.expressions, others.values(), strict=False):
        value = projection.this if isinstance(projection, exp.Alias) else projection
        if other.is_time_point and not other.is_paired and literal_text(value) is not None:
            value.replace(casts.to_kind(value.copy(), other))


def _translate_select(node: exp.Select, context: Context) -> tuple[exp.Expr, Columns | None]:
    context.scope.is_numbered = context.translator.has_elements and needs_numbers(node)
    start = node.args.get("from_")
    if start is not None:
        start.set("this", number_source(sources.translate_source(start.this, context), context))
    _translate_joins(node, context)
    for key, clause in (("laterals", list(node.args.get("laterals") or ())),):
        node.set(key, [sources.translate_source(each, context) for each in clause])
    hierarchies.unroll(node, context)
    columns = _translate_projections(node, context)
    _translate_modifiers(node, context, _AFTER_SELECT)
    group_equal_values(node, columns, context)
    group_texts(node, context)
    if columns is not None:
        make_rows_distinct(node, context)
    if not context.is_snowflake:
        note_outputs(node, context.scope)
        order_texts(node, context)
    order_by_numbers(node, columns)
    return node, columns


def _translate_joins(node: exp.Select, context: Context) -> None:
    result: list[exp.Join] = []
    for join in node.args.get("joins") or ():
        before = context.scope.columns() if context.translator.names else {}
        join.set("this", number_source(sources.translate_source(join.this, context), context))
        if context.translator.names:
            resolve_using(join, before, context.scope.sources[-1].columns or {}, context.translator.names)
        if join.args.get("using") or join.method == "NATURAL":
            unify_keys(join, [node.args["from_"], *result, join], context)
        sources.add_lateral_condition(join)
        listed = sources.extract_lists(join.this, context)
        result += [join] if listed is None else [exp.Join(this=listed, kind="CROSS"), join]
        condition = join.args.get("on")
        if condition is not None:
            join.set("on", context.translator.translate(condition, context))
        _check_using(join, context)
        _move_match_condition(join, context)
    if any(isinstance(join.this, exp.Lateral) for join in result):
        for join in result:
            if not (join.kind or join.side or join.args.get("on") or join.args.get("using") or join.method):
                join.set("kind", "CROSS")  # a comma binds looser, and DuckDB fails on a mix of both
    if result:
        node.set("joins", result)


def _check_using(join: exp.Join, context: Context) -> None:
    """Refuse to match timestamps with their own offsets by column name."""
    given = {identifier.name.lower() for identifier in join.args.get("using") or ()}
    *before, last = [source.columns or {} for source in context.scope.sources]
    if join.method == "NATURAL":
        given = {name for columns in before for name in columns if name in last}
    for name in given:
        if any(columns.get(name, UNKNOWN).is_paired for columns in (*before, last)):
            message = f"The join cannot match {name} by its name, as its values have their own offsets."
            raise UntranslatableError(join, message, "Join with ON.")


def _move_match_condition(join: exp.Join, context: Context) -> None:
    """Move the MATCH_CONDITION of an ASOF JOIN into ON, as in DuckDB; rows without a match are kept.

    https://docs.snowflake.com/en/sql-reference/constructs/asof-join
    """
    condition = join.args.get("match_condition")
    if condition is None:
        return
    nearest = context.translator.translate(condition, context)
    same = join.args.get("on")
    join.set("match_condition", None)
    join.set("on", exp.and_(nearest, same, copy=False) if same is not None else nearest)
    join.set("side", "LEFT")


def _translate_projections(node: exp.Select, context: Context) -> Columns | None:
    columns: Columns = {}
    result = []
    is_known = True
    for number, projection in enumerate(node.expressions):
        if context.translator.names and projection.is_star:
            _resolve_star(projection, context)
        new = context.translator.translate(projection, context)
        result.append(new)
        if new.is_star:
            is_known = is_known and all(source.columns is not None for source in context.scope.sources)
            starred = _list_star_columns(new, context)
            star = new.this if isinstance(new, exp.Column) else new
            if isinstance(star, exp.Star):
                note_star_columns(star, starred)
                _note_types(new, star, starred, node, context)
                counts = Counter(name for name, _ in star.meta[STAR_TYPES])
                starred = {name: _mark_repeated(kind, counts[name] > 1) for name, kind in starred.items()}
                sources.hide_columns(star, context)
                result[-1:] = stars.expand_star(new, star, context)
            columns |= {name: _mark_repeated(kind, name in columns) for name, kind in starred.items()}
            continue
        name = (projection.alias_or_name or new.alias_or_name or f"col{number}").lower()
        is_named = isinstance(projection, exp.Alias | exp.Column)
        if not new.alias and not isinstance(new, exp.Column):
            new = _add_header(projection, new)
            result[-1] = new
        columns[name] = _mark_repeated(type_of(new), is_named and name in columns)
        if isinstance(new, exp.Alias):
            context.scope.aliases.setdefault(name, type_of(new))
    node.set("expressions", result)
    return columns if is_known else None


def _mark_repeated(kind: ValueType, is_repeated: bool) -> ValueType:
    return replace(kind, is_repeated=True) if is_repeated else kind


def _add_header(old: exp.Expr, new: exp.Expr) -> exp.Expr:
    """Give an unnamed expression the warehouse's header, not that of its translation."""
    name = old.meta.get(HEADER) or (old.name if isinstance(old, exp.Column) else None)
    return set_type(exp.alias_(new, name, quoted=True, copy=False), type_of(new)) if name else new


def _list_star_columns(star: exp.Expr, context: Context) -> Columns:
    if isinstance(star, exp.Column) and star.table:
        source = context.scope.source(star.table)
        found = dict(source.columns or {}) if source else {}
    else:
        found = context.scope.columns()
    inner = star if isinstance(star, exp.Star) else star.find(exp.Star)
    for excluded in (inner.args.get("except_") or ()) if inner else ():
        found.pop(excluded.name.lower(), None)
    for replaced in (inner.args.get("replace") or ()) if inner else ():
        if replaced.alias.lower() in found:
            found[replaced.alias.lower()] = type_of(replaced)
    renamed = {each.this.name.lower(): each.alias.lower() for each in (inner.args.get("rename") or ())} if inner else {}
    return {renamed.get(name, name): kind for name, kind in found.items()} if renamed else found


def _note_types(projection: exp.Expr, star: exp.Star, starred: Columns, node: exp.Select, context: Context) -> None:
    """Record the columns of a star one by one: several may have the same name."""
    table = projection.table if isinstance(projection, exp.Column) else ""
    found = [] if table else [each for source in context.scope.sources for each in (source.columns or {}).items()]
    parts = [node.args.get("from_"), *(node.args.get("joins") or ())] if len(found) > len(dict(found)) else []
    joins = [join for part in parts if part is not None for join in part.find_all(exp.Join)]
    is_natural = any(join.method == "NATURAL" for join in joins)
    if not parts or is_natural or any(star.args.get(key) for key in ("ilike", "replace", "rename")):
        star.meta[STAR_TYPES] = list(starred.items())
        return
    joined = {each.name.lower() for join in joins for each in join.args.get("using") or ()}
    excluded = {each.name.lower() for each in star.args.get("except_") or ()}
    listed = {index: each for index, each in enumerate(found) if each[0] not in excluded}
    names = [name for name, _ in found]
    star.meta[STAR_TYPES] = [
        each for index, each in listed.items() if each[0] not in joined or names.index(each[0]) == index
    ]


def _resolve_star(projection: exp.Expr, context: Context) -> None:
    """Resolve the names after a star to its columns, where some differ only by case."""
    star = projection.this if isinstance(projection, exp.Column) else projection
    if not isinstance(star, exp.Star):
        return
    table = projection.table if isinstance(projection, exp.Column) else ""
    source = context.scope.source(table) if table else None
    columns = context.scope.columns() if source is None else source.columns
    resolve_star(star, columns or {}, context.translator.names)


def _translate_modifiers(node: exp.Expr, context: Context, keys: tuple[str, ...]) -> None:
    for key in keys:
        value = node.args.get(key)
        if isinstance(value, list):
            node.set(key, [context.translator.translate(each, context) for each in value])
        elif isinstance(value, exp.Expr):
            node.set(key, context.translator.translate(value, context))
