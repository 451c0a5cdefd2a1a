"""Operators: arithmetic, comparisons, concatenation, LIKE and regular expressions.

Both warehouses convert the sides of an operator to each other's type more freely than DuckDB; the division of exact
numbers is exact, and its result has a number of digits of its own.
"""

from __future__ import annotations

import re

from sqlglot import exp

from engine.sql.translation.blanks import compared, compared_query
from engine.sql.translation.casts import to_kind
from engine.sql.translation.moments import as_shown, has_clocks, on_its_clocks, on_same_clocks, timetz_text
from engine.sql.translation.nodes import as_text, call, case, cast, literal_text, moment_of, number, text, wrapped
from engine.sql.translation.ordering import sort_key
from engine.sql.translation.refusals import UntranslatableError
from engine.sql.translation.translator import Context
from engine.sql.translation.value_types import (
    BIGINT,
    BLOB,
    BOOLEAN,
    DATE,
    DOUBLE,
    HUGEINT,
    INTEGER,
    INTERVAL,
    JSON,
    NULL,
    TIMESTAMP,
    TIMESTAMPTZ,
    UNKNOWN,
    VARCHAR,
    ValueType,
    common,
    decimal,
    digits,
    type_of,
    typed,
)

_GREATEST_DIGITS = 38


def numeric(node: exp.Expr) -> exp.Expr:
    """Return a value as a number: text and semi-structured values are converted."""
    kind = type_of(node)
    if kind == JSON:
        return cast(as_text(node), DOUBLE)
    if kind == VARCHAR:
        return _number_of_text(node)
    return node


def super_number(node: exp.Expr) -> exp.Expr:
    """Return a value as a number as Redshift's functions of numbers take it: a SUPER that holds no number is NULL.

    https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#dynamic-typing-lax-processing
    """
    if type_of(node) == JSON:
        return call("rs_super_number", node, exp.Boolean(this=False), kind=DOUBLE)
    return numeric(node)


def _number_of_text(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Literal):
        whole = str(node.this).strip().lstrip("+-")
        if whole.isdigit() and len(whole) < 18:
            return cast(node, BIGINT)
    return cast(node, DOUBLE)


def translate_arithmetic(node: exp.Binary, context: Context) -> exp.Expr:
    """Translate `+`, `-`, `*` and `%`: between numbers, and of dates and intervals.

    https://docs.snowflake.com/en/sql-reference/operators-arithmetic
    """
    left, right = type_of(node.this), type_of(node.expression)
    if isinstance(node, exp.Add | exp.Sub) and (left.is_time_point or right.is_time_point):
        return _moved(node, left, right, context)
    if INTERVAL in (left, right):
        return typed(node, INTERVAL)
    if left == right == BLOB and isinstance(node, exp.Add):
        return typed(exp.DPipe(this=wrapped(node.this), expression=wrapped(node.expression)), BLOB)
    as_number = numeric if context.is_snowflake else super_number
    node.set("this", wrapped(as_number(node.this)))
    node.set("expression", wrapped(as_number(node.expression)))
    left, right = type_of(node.this), type_of(node.expression)
    if isinstance(node, exp.Mod):
        return call("mod", node.this, node.expression, kind=common([left, right]))
    if left.is_exact and right.is_exact:
        return _exact(node, left, right, context)
    return typed(node, DOUBLE if DOUBLE in (left, right) else UNKNOWN)


def _exact(node: exp.Binary, left: ValueType, right: ValueType, context: Context) -> exp.Expr:
    if left.is_integer and right.is_integer:
        kind = common([left, right])
        is_wide = BIGINT in (left, right) or HUGEINT in (left, right)
        if context.is_snowflake and is_wide and _may_be_wider(node):
            wide = exp.Cast(this=node.this, to=exp.DataType.build("HUGEINT", dialect="duckdb"))
            node.set("this", wide)  # its whole numbers have 38 digits
            return typed(node, HUGEINT)
        if kind.name in ("SMALLINT", "INTEGER") and context.is_snowflake:
            kind = BIGINT  # its integers have 38 digits: a sum of small ones must not overflow
            if not _is_short(node):
                node.set("this", exp.Cast(this=node.this, to=exp.DataType.build("BIGINT", dialect="duckdb")))
        elif context.is_snowflake and kind == BIGINT and _literal(node.this) is not None:
            node.set("this", exp.Cast(this=node.this, to=exp.DataType.build("BIGINT", dialect="duckdb")))
        elif kind.name == "SMALLINT":
            kind = INTEGER
        return typed(node, kind)
    scale = left.scale + right.scale if isinstance(node, exp.Mul) else max(left.scale, right.scale)
    whole = digits(left) + digits(right) if isinstance(node, exp.Mul) else max(digits(left), digits(right)) + 1
    if isinstance(node, exp.Mul) and not context.is_snowflake:
        whole += 1  # of p1 and p2 digits p1 + p2 + 1
    if isinstance(node, exp.Mul) and scale > 12 and context.is_snowflake:
        return typed(node, decimal(_GREATEST_DIGITS, scale))
    return typed(node, decimal(whole + scale, scale))


def _is_short(node: exp.Binary) -> bool:
    """Whether both sides are numbers so short that 32 bits hold the result."""
    sides = (_literal(node.this), _literal(node.expression))
    return all(side is not None and len(str(side.this)) < 5 for side in sides)


def _may_be_wider(node: exp.Binary) -> bool:
    """Whether the result of two numbers of 64 bits may need more: of a product, of long numbers, of two columns."""
    if isinstance(node, exp.Mul):
        return True
    sides = [node.this.unnest(), node.expression.unnest()]
    sides = [side.this.unnest() if isinstance(side, exp.Neg) else side for side in sides]
    if any(isinstance(side, exp.Literal) and len(str(side.this)) > 18 for side in sides):
        return True
    return all(isinstance(side, exp.Column) and type_of(side) == BIGINT for side in sides)


def _literal(node: exp.Expr) -> exp.Literal | None:
    """Return the number that is written there, without its sign."""
    inner = node.unnest()
    inner = inner.this.unnest() if isinstance(inner, exp.Neg) else inner
    return inner if isinstance(inner, exp.Literal) else None


def _moved(node: exp.Binary, left: ValueType, right: ValueType, context: Context) -> exp.Expr:
    """Translate date + days, date - date and date + interval."""
    if left.is_time_point and right.is_time_point:
        if left == right == DATE:
            return typed(node, INTEGER)
        node.set("this", moment_of(node.this))
        node.set("expression", moment_of(node.expression))
        return typed(node, INTERVAL)
    point, other = (node.this, node.expression) if left.is_time_point else (node.expression, node.this)
    kind = type_of(point)
    if has_clocks(point):
        local = on_its_clocks(point)
        node.set("this" if left.is_time_point else "expression", local)
        moved_left, moved_right = (TIMESTAMP, right) if left.is_time_point else (left, TIMESTAMP)
        moved_local = _moved(node, moved_left, moved_right, context)
        return on_same_clocks(exp.Paren(this=moved_local), point)
    if type_of(other) == INTERVAL:
        moved = typed(node, kind if kind != DATE else TIMESTAMP)
        is_whole_days = context.is_snowflake and kind == DATE and _is_of_days(other)
        return cast(typed(exp.Paren(this=moved), TIMESTAMP), DATE) if is_whole_days else moved
    written = timetz_text(other)
    if written is not None and kind == DATE:
        return call("rs_date_and_timetz", point, written, kind=TIMESTAMPTZ)
    if type_of(other).name == "TIME":
        return typed(node, TIMESTAMP)
    if not context.is_snowflake and kind != DATE:
        return _moved_by_days(node, point, numeric(other))
    days = cast(numeric(other), INTEGER)
    if left.is_time_point:
        node.set("expression", wrapped(days))
    else:
        node.set("this", wrapped(days))
    return typed(node, kind)


def _moved_by_days(node: exp.Binary, point: exp.Expr, days: exp.Expr) -> exp.Expr:
    """Translate `getdate() - 7` and `sysdate + 0.5`, which count in days.

    https://docs.aws.amazon.com/redshift/latest/dg/r_SYSDATE.html
    """
    parts = exp.Mul(this=wrapped(days), expression=exp.Literal.number(86_400_000_000))
    step = call("to_microseconds", cast(exp.Paren(this=parts), BIGINT))
    made = exp.Sub if isinstance(node, exp.Sub) else exp.Add
    return typed(exp.Paren(this=made(this=wrapped(point), expression=step)), type_of(point))


def translate_adjacent(node: exp.Concat, context: Context) -> exp.Expr:
    """Translate text literals that stand beside each other, which are one.

    https://docs.aws.amazon.com/redshift/latest/dg/r_concat_op.html
    """
    return text("".join(literal_text(each) or "" for each in node.expressions))


def _is_of_days(node: exp.Expr) -> bool:
    words = " ".join(str(each.this).lower() for each in node.find_all(exp.Literal, exp.Var))
    return not any(unit in words for unit in ("hour", "minute", "second", "hh", "ms", "time", "mi"))


def translate_division(node: exp.Div, context: Context) -> exp.Expr:
    """Translate `/`: of two integers whole in Redshift, exact numbers with the warehouse's digits otherwise.

    https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html
    https://docs.snowflake.com/en/sql-reference/operators-arithmetic#division
    """
    return divided(node.this, node.expression, context)


def divided(over: exp.Expr, under: exp.Expr, context: Context) -> exp.Expr:
    """Return the quotient of two translated values."""
    as_number = numeric if context.is_snowflake else super_number
    over, under = wrapped(as_number(over)), wrapped(as_number(under))
    left, right = type_of(over), type_of(under)
    if INTERVAL in (left, right):
        return typed(exp.Div(this=over, expression=under), INTERVAL)
    if left.is_exact and right.is_exact:
        if left.is_integer and right.is_integer and not context.is_snowflake:
            return call("dw_divide_whole", over, under, kind=common([left, right]))
        scale = _quotient_scale(left, right, context)
        fits = digits(left) + right.scale + scale if not context.is_snowflake else _GREATEST_DIGITS
        whole = decimal(fits, scale)
        multipliers = (number(10**left.scale), number(10**right.scale))
        sizes = (number(10 ** (scale + right.scale)), number(10**left.scale))
        is_narrow = max(digits(left), digits(right)) + left.scale + right.scale + scale <= _GREATEST_DIGITS - 1
        name = "dw_divide_exact" if is_narrow else "dw_divide_wide"
        return scaled(call(name, over, under, *multipliers, *sizes, kind=HUGEINT), whole)
    if DOUBLE in (left, right) and left.is_number and right.is_number:
        return call("dw_divide_float", over, under, kind=DOUBLE)
    return call("sf_divide_any" if context.is_snowflake else "rs_divide_any", over, under, kind=UNKNOWN)


def scaled(units: exp.Expr, kind: ValueType) -> exp.Expr:
    """Return a whole number of the last digit of a DECIMAL as that DECIMAL."""
    if not kind.scale:
        return cast(units, kind)
    unit = exp.Literal.number("0." + "0" * (kind.scale - 1) + "1")
    product = exp.Mul(this=cast(units, decimal(_GREATEST_DIGITS, 0)), expression=unit)
    return typed(exp.Paren(this=typed(product, kind)), kind)


def _quotient_scale(left: ValueType, right: ValueType, context: Context) -> int:
    if context.is_snowflake:
        return max(left.scale, min(left.scale + 6, 12))
    precision = digits(right) + right.scale if right.name == "DECIMAL" else digits(right)
    scale = max(4, left.scale + precision - right.scale + 1)
    whole = digits(left) + right.scale
    return max(4, min(scale, _GREATEST_DIGITS - whole)) if whole + scale > _GREATEST_DIGITS else scale


def translate_comparison(node: exp.Binary, context: Context) -> exp.Expr:
    """Translate `=`, `<` and their like: a semi-structured side or a text becomes what the other side is."""
    left, right = node.this, node.expression
    if type_of(left) == type_of(right) == JSON:
        return _compared(node, context)
    if not context.is_snowflake:
        is_equality = isinstance(node, exp.EQ | exp.NEQ)
        left, right = _dynamic(left, type_of(right), is_equality), _dynamic(right, type_of(left), is_equality)
    left, right = matched(left, right)
    node.set("this", compared(left, context))
    if isinstance(right, exp.Any | exp.All) and isinstance(right.this, exp.Query):
        right.set("this", compared_query(right.this, context))
    else:
        node.set("expression", compared(right, context))
    return typed(node, BOOLEAN)


def _compared(node: exp.Binary, context: Context) -> exp.Expr:
    """Compare two semi-structured values; those of different types have no order in Redshift.

    https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#dynamic-typing-lax-processing
    """
    left, right = sort_key(node.this), sort_key(node.expression)
    node.set("this", left)
    node.set("expression", right)
    typed(node, BOOLEAN)
    if context.is_snowflake or not isinstance(node, exp.LT | exp.LTE | exp.GT | exp.GTE):
        return node
    ranks = (call("left", side.copy(), number(1)) for side in (left, right))
    return case((exp.EQ(this=next(ranks), expression=next(ranks)), node), kind=BOOLEAN)


def _dynamic(node: exp.Expr, other: ValueType, is_equality: bool) -> exp.Expr:
    """Return a SUPER value as it is compared: what it holds of another type equals nothing, and has no order.

    https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#dynamic-typing-lax-processing
    """
    if type_of(node) != JSON or not (other == VARCHAR or other.is_number):
        return node
    name, kind = ("rs_super_text", VARCHAR) if other == VARCHAR else ("rs_super_number", DOUBLE)
    return call(name, node, exp.Boolean(this=is_equality), kind=kind)


def matched(left: exp.Expr, right: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    """Return two values as they are compared with each other."""
    return _beside(left, type_of(right)), _beside(right, type_of(left))


def _beside(node: exp.Expr, other: ValueType) -> exp.Expr:
    kind = type_of(node)
    if kind.is_paired:
        return moment_of(node)
    other = TIMESTAMPTZ if other.is_paired else other
    if kind == JSON:
        if other == JSON:
            return sort_key(node)
        if other in (UNKNOWN, NULL, VARCHAR):
            return as_text(node)
        return cast(as_text(node), DOUBLE if other.is_number else other)
    if kind == VARCHAR and other == TIMESTAMPTZ:
        return to_kind(node, TIMESTAMPTZ)
    if kind == VARCHAR and not isinstance(node, exp.Literal) and other.name and other not in (VARCHAR, JSON, NULL):
        if other.is_number:
            return cast(node, DOUBLE)
        if other.is_time_point or other == BOOLEAN:
            return cast(node, TIMESTAMP if other == DATE else other)
    if kind == BOOLEAN and other == VARCHAR:
        return as_text(node)
    return node


def translate_in(node: exp.In, context: Context) -> exp.Expr:
    """Translate `x IN (...)`, where a semi-structured value is compared as what the list or the query holds."""
    query = node.args.get("query")
    if isinstance(query, exp.Expr):
        kind, value = type_of(query), node.this
        if JSON in (kind, type_of(value)) and not isinstance(value.unnest(), exp.Tuple):
            column = typed(exp.column("item", table="items"), kind)
            rows = query if isinstance(query, exp.Subquery) else exp.Subquery(this=query)
            rows.set("alias", exp.TableAlias(this=exp.to_identifier("items"), columns=[exp.to_identifier("item")]))
            found = exp.Select(expressions=[_beside(column, type_of(value))]).from_(rows, copy=False)
            node.set("query", exp.Subquery(this=found))
            node.set("this", _beside(value, kind))
            return typed(node, BOOLEAN)
        node.set("this", compared(node.this, context))
        node.set("query", compared_query(query, context))
        return typed(node, BOOLEAN)
    kinds = [type_of(each) for each in node.expressions]
    kind = common(kinds) if kinds else VARCHAR
    if JSON in (kind, type_of(node.this)) and not isinstance(node.this.unnest(), exp.Tuple):
        sides = [matched(node.this.copy(), each) for each in node.expressions]
        if kind == JSON:
            equal = [exp.EQ(this=wrapped(left), expression=wrapped(right)) for left, right in sides]
            return typed(exp.Paren(this=exp.or_(*equal, copy=False)), BOOLEAN)
        node.set("this", _beside(node.this, kind if kind.name else VARCHAR))
    if type_of(node.this) == TIMESTAMPTZ:
        node.set("expressions", [_beside(each, TIMESTAMPTZ) for each in node.expressions])
    node.set("this", compared(node.this, context))
    node.set("expressions", [compared(each, context) for each in node.expressions])
    return typed(node, BOOLEAN)


def translate_between(node: exp.Between, context: Context) -> exp.Expr:
    """Translate BETWEEN of semi-structured values and texts."""
    low, high = node.args["low"], node.args["high"]
    if JSON in (type_of(low), type_of(high)):
        least = translate_comparison(exp.GTE(this=wrapped(node.this.copy()), expression=wrapped(low)), context)
        most = translate_comparison(exp.LTE(this=wrapped(node.this), expression=wrapped(high)), context)
        return typed(exp.Paren(this=exp.and_(least, most, copy=False)), BOOLEAN)
    kind = type_of(node.this)
    if kind == TIMESTAMPTZ:
        low, high = _beside(low, kind), _beside(high, kind)
    for key, value in (("this", _beside(node.this, type_of(low))), ("low", low), ("high", high)):
        node.set(key, compared(value, context))
    return typed(node, BOOLEAN)


def translate_concatenation(node: exp.DPipe, context: Context) -> exp.Expr:
    """Translate `||`: numbers, dates and semi-structured values become text first.

    https://docs.aws.amazon.com/redshift/latest/dg/r_concat_op.html
    """
    kinds = (type_of(node.this), type_of(node.expression))
    if any(kind.name == "BLOB" for kind in kinds):
        return typed(node, kinds[0])
    is_snowflake = context.is_snowflake
    node.set("this", wrapped(as_shown(node.this, is_snowflake=is_snowflake)))
    node.set("expression", wrapped(as_shown(node.expression, is_snowflake=is_snowflake)))
    return typed(node, VARCHAR)


def _text_side(node: exp.Expr) -> exp.Expr:
    return node if type_of(node) in (VARCHAR, NULL) else as_text(node)


def translate_boolean(node: exp.Expr, context: Context) -> exp.Expr:
    """Note that the result is a boolean."""
    for key in ("this", "expression"):
        side = node.args.get(key)
        if isinstance(side, exp.Expr) and type_of(side) == JSON and isinstance(node, exp.Connector | exp.Not):
            node.set(key, cast(as_text(side), BOOLEAN))
    return typed(node, BOOLEAN)


def translate_like(node: exp.Binary, context: Context) -> exp.Expr:
    """Translate LIKE and ILIKE, with ANY and ALL as well; a backslash escapes in Redshift's patterns.

    https://docs.snowflake.com/en/sql-reference/functions/like_any
    https://docs.aws.amazon.com/redshift/latest/dg/r_patternmatching_condition_like.html
    """
    if node.args.get("negate"):
        node.set("negate", None)
        return typed(exp.Not(this=wrapped(translate_like(node, context))), BOOLEAN)
    patterns = node.expression
    if isinstance(patterns, exp.Any | exp.All):
        inner = patterns.this
        inner = inner.this if isinstance(inner, exp.Paren) else inner
        several = list(inner.expressions) if isinstance(inner, exp.Tuple) else [inner]
        parts = [_like(type(node), node.this.copy(), each, context) for each in several]
        joined = exp.or_(*parts, copy=False) if isinstance(patterns, exp.Any) else exp.and_(*parts, copy=False)
        return typed(exp.Paren(this=joined), BOOLEAN)
    return _like(type(node), node.this, patterns, context)


def _like(kind: type[exp.Binary], value: exp.Expr, pattern: exp.Expr, context: Context) -> exp.Expr:
    made: exp.Expr = typed(kind(this=wrapped(_text_side(value)), expression=wrapped(_text_side(pattern))), BOOLEAN)
    if context.is_snowflake or not isinstance(pattern, exp.Literal) or "\\" not in str(pattern.this):
        return made
    return typed(exp.Escape(this=made, expression=text("\\")), BOOLEAN)


def translate_escape(node: exp.Escape, context: Context) -> exp.Expr:
    """Keep the escape that the query names, instead of the default one; it goes inside ANY and ALL."""
    inner = node.this
    if isinstance(inner, exp.Escape):
        node.set("this", inner.this)
    similar = inner if isinstance(inner, exp.Anonymous) else inner.find(exp.Anonymous)
    if similar is not None and similar.name == "rs_similar_to":
        pattern = similar.expressions[1]
        similar.set("expressions", [similar.expressions[0], call("replace", pattern, node.expression, text("\\"))])
        made: exp.Expr = typed(inner, BOOLEAN)
        return made
    if isinstance(inner, exp.Paren):
        for like in list(inner.find_all(exp.Like, exp.ILike)):
            like.replace(exp.Escape(this=like.copy(), expression=node.expression.copy()))
        return inner
    return typed(node, BOOLEAN)


def translate_is(node: exp.Is, context: Context) -> exp.Expr:
    """Translate IS NULL and IS TRUE."""
    if type_of(node.this) == JSON and isinstance(node.expression, exp.Boolean):
        node.set("this", cast(as_text(node.this), BOOLEAN))
    return typed(node, BOOLEAN)


_COLLATIONS = {"ci": "NOCASE", "case_insensitive": "NOCASE", "ai": "NOACCENT"}
_CALLED = {"upper": "upper", "lower": "lower", "trim": "trim", "ltrim": "ltrim", "rtrim": "rtrim"}
_PLAIN = frozenset({"", "cs", "as", "case_sensitive", "utf8", "bin", "pi", "ps", "fl", "fu"})


def translate_collate(node: exp.Collate, context: Context) -> exp.Expr:
    """Translate `text COLLATE 'en-ci'`: upper and lower case, and accents, compared as the collation says.

    https://docs.snowflake.com/en/sql-reference/collation
    """
    specification = literal_text(node.expression)
    if specification is None:
        specification = node.expression.name
    return collated(node.this, specification, node)


def collated(value: exp.Expr, specification: str, node: exp.Expr) -> exp.Expr:
    """Return a text with a collation of the warehouse."""
    made, names = value, []
    for index, part in enumerate(re.split(r"-(?=[a-z])", specification.lower())):
        if part in _COLLATIONS:
            names.append(_COLLATIONS[part])
        elif part in _CALLED:
            made = call(_CALLED[part], made, kind=VARCHAR)
        elif part not in _PLAIN and not (index == 0 and re.fullmatch(r"[a-z]{2,3}(_[a-z]{2,4})?", part)):
            raise UntranslatableError(node, f'The collation "{specification}" is not known here.')
    if not names:
        return made
    return typed(exp.Paren(this=exp.Collate(this=wrapped(made), expression=exp.Var(this=".".join(names)))), VARCHAR)


def translate_similar(node: exp.SimilarTo, context: Context) -> exp.Expr:
    """Translate SIMILAR TO: the whole text against a pattern of SQL's own, where % and _ are wildcards.

    https://docs.aws.amazon.com/redshift/latest/dg/pattern-matching-conditions-similar-to.html
    """
    return call("rs_similar_to", _text_side(node.this), _text_side(node.expression), kind=BOOLEAN)


_LOOK_AROUND = re.compile(r"\(\?(?:[=!]|<[=!])|(?<!\\)(?:\\\\)*\\[1-9]")


def check_pattern(node: exp.Expr, vendor: str) -> None:
    """Raise `UntranslatableError` for a pattern that looks around or back, which DuckDB's expressions do not."""
    pattern = literal_text(node.expressions[1]) if len(node.expressions) > 1 else None
    if pattern is not None and _LOOK_AROUND.search(pattern):
        raise UntranslatableError(
            node, f"A pattern of {vendor} that looks ahead, behind or back has no faithful answer here."
        )


def translate_regexp(node: exp.Binary, context: Context) -> exp.Expr:
    """Translate `~`, `RLIKE` and `REGEXP`: anywhere in the text in Redshift, the whole text in Snowflake.

    https://docs.aws.amazon.com/redshift/latest/dg/pattern-matching-conditions-posix.html
    https://docs.snowflake.com/en/sql-reference/functions/rlike
    """
    value, pattern = _text_side(node.this), _text_side(node.expression)
    if context.is_snowflake:
        return call("sf_rlike", value, pattern, kind=BOOLEAN)
    options = text("i") if isinstance(node, exp.RegexpILike) else text("c")
    return call("regexp_matches", value, pattern, options, kind=BOOLEAN)
