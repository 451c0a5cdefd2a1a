"""Calls of functions: by the definitions of their dialect, or by a rewrite of their own."""

from __future__ import annotations

from sqlglot import exp

from engine.errors import did_you_mean
from engine.sql.translation import functions
from engine.sql.translation.expressions import casts
from engine.sql.translation.expressions.arithmetic import numeric, super_number
from engine.sql.translation.expressions.patterns import check_pattern
from engine.sql.translation.functions.definitions import Function
from engine.sql.translation.functions.foreign_functions import hint_for
from engine.sql.translation.functions.refused_functions import reason_for
from engine.sql.translation.padding.char_padding import padded
from engine.sql.translation.tree.nodes import as_json, as_text, call, cast, literal_text, moment_of
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.sharing import may_fail
from engine.sql.translation.tree.sort_keys import DIRECTIONS, extreme_of
from engine.sql.translation.tree.timestamp_offsets import as_common, as_shown, as_variant, has_clocks, on_its_clocks
from engine.sql.translation.tree.translator import AGGREGATE, Context, Rewrite
from engine.sql.translation.tree.value_types import (
    BIGINT,
    BLOB,
    BOOLEAN,
    DATE,
    DOUBLE,
    HUGEINT,
    INTEGER,
    JSON,
    NULL,
    TIMESTAMP,
    TRIMMED,
    UNKNOWN,
    VARCHAR,
    ValueType,
    common,
    named,
    type_of,
)

_CALLED_WORDS = ("EXISTS", "CAST", "TRY_CAST", "EXTRACT", "POSITION", "TRIM", "SUBSTRING", "VALUES")
"""Words with a bracket behind them that have a syntax of their own."""


def translate_call(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate a call by its name.

    Raises `UntranslatableError` for a function that is refused, or that the warehouse does not have.
    """
    name = node.name.upper()
    rewrites, definitions = functions.REWRITES[context.dialect], functions.DEFINITIONS[context.dialect]
    reason = reason_for(name, functions.REFUSED[context.dialect])
    if reason is not None:
        raise UntranslatableError(node, f"{context.vendor}'s {name} is not supported: {reason}.")
    if name not in functions.AGGREGATES and any(isinstance(each, exp.Distinct) for each in node.expressions):
        raise UntranslatableError(node, f"DISTINCT is for aggregates; {name} is not one.")
    rewrite = rewrites.get(name)
    if rewrite is not None:
        made = _rewritten(rewrite, node, context)
        if name in functions.AGGREGATES:
            made.meta[AGGREGATE] = True
        return made
    if name.startswith(("REGEXP_", "RLIKE")):
        check_pattern(node, context.vendor)
    definition = definitions.get(name)
    of_bytes = functions.BYTES[context.dialect].get(name)
    if of_bytes is not None:
        context.translator.parts(node, context)
        if any(type_of(each) == BLOB for each in node.expressions[: None if name == "CONCAT" else 1]):
            return applied(of_bytes, list(node.expressions), context, node)
        if definition is not None:
            return applied(definition, list(node.expressions), context, node)
    if definition is None:
        known = [*definitions, *rewrites, *_CALLED_WORDS]
        raise UntranslatableError(
            node,
            f"Unknown {context.vendor} function {name}.",
            hint_for(name, context.dialect) or did_you_mean(name, known),
        )
    context.translator.parts(node, context)
    made = applied(definition, list(node.expressions), context, node)
    if name in functions.AGGREGATES:
        made.meta[AGGREGATE] = True
    return made


def _rewritten(rewrite: Rewrite, node: exp.Anonymous, context: Context) -> exp.Expr:
    """Apply a rewrite, which takes its arguments apart as if all of them were there."""
    name, count = node.name.upper(), len(node.expressions)
    try:
        return rewrite(node, context)
    except (IndexError, ValueError) as error:
        raise UntranslatableError(node, f"{name} does not take {count} arguments.") from error


def applied(function: Function, arguments: list[exp.Expr], context: Context, node: exp.Expr) -> exp.Expr:
    """Return the call of a defined function on translated arguments, each turned into what the function takes."""
    if len(arguments) == 1 and isinstance(arguments[0], exp.Distinct):
        inner = arguments[0]
        inner.set("expressions", _turned(function, list(inner.expressions), context))
        kinds = [type_of(each) for each in inner.expressions]
        return call(function.target, inner, kind=_result(function.result, kinds))
    most = function.most
    if len(arguments) < function.least or (most is not None and len(arguments) > most):
        counts = f"{function.least}" if most == function.least else f"{function.least} to {most or 'any number of'}"
        raise UntranslatableError(node, f"{function.name} takes {counts} arguments, but got {len(arguments)}.")
    turned = _turned(function, arguments, context)
    if function.target in ("lag", "lead") and len(turned) == 3:
        turned[::2] = as_common(turned[::2], is_snowflake=context.is_snowflake)
    if function.result == "*":
        turned = as_common(turned, is_snowflake=context.is_snowflake)
    if function.target in DIRECTIONS and common([type_of(each) for each in turned]) == JSON:
        return extreme_of(function.target, turned)
    if function.result == "*" and not context.is_snowflake:
        turned = _mixed(turned)
    kinds = [type_of(each) for each in turned]
    if function.packs:
        fixed = len(function.letters) - 1
        turned = [*turned[:fixed], exp.Array(expressions=turned[fixed:])]
    if function.target == "coalesce" and may_fail(turned):
        context.translator.has_guarded_values = True
    if function.name in ("OCTET_LENGTH", "BIT_LENGTH") and not context.is_snowflake:
        turned = [padded(each) for each in turned]
    return call(function.target, *turned, kind=_text_result(function.name, kinds, _result(function.result, kinds)))


def _text_result(name: str, kinds: list[ValueType], result: ValueType) -> ValueType:
    """Return the type of a result: TRIM leaves no blank at the end, UPPER and LOWER return a CHAR or VARCHAR as given.

    https://docs.aws.amazon.com/redshift/latest/dg/r_UPPER.html
    """
    if name in ("TRIM", "BTRIM", "RTRIM") and len(kinds) == 1:
        return TRIMMED
    return kinds[0] if name in ("UPPER", "LOWER") and kinds[0] == VARCHAR else result


def _turned(function: Function, arguments: list[exp.Expr], context: Context) -> list[exp.Expr]:
    turned = [turn(argument, function.letter(index), context) for index, argument in enumerate(arguments)]
    if not function.result.isdigit() and function.result != "*":
        turned = [moment_of(each) for each in turned]
    if function.name.startswith("BIT"):
        return turned
    return [  # places and counts, which DuckDB takes in 64 bits
        cast(each, BIGINT) if function.letter(index) == "i" and type_of(each) == HUGEINT else each
        for index, each in enumerate(turned)
    ]


def _mixed(values: list[exp.Expr]) -> list[exp.Expr]:
    """Turn numbers beside literal texts that are no numbers into texts: COALESCE('none', 12)."""
    words = [text for text in map(literal_text, values) if text is not None]
    if not any(not word.strip().lstrip("+-").replace(".", "", 1).isdigit() for word in words):
        return values
    return [as_text(value) if type_of(value).is_number else value for value in values]


def _result(name: str, kinds: list[ValueType]) -> ValueType:
    if name == "?":
        return UNKNOWN
    if name == "*":
        return common(kinds) if kinds else UNKNOWN
    if name.isdigit():
        if len(kinds) < int(name):
            return UNKNOWN
        kind = kinds[int(name) - 1]
        is_trimmed = all(each.is_trimmed for each in kinds if each == VARCHAR)  # LAG returns its default as well
        return kind if is_trimmed or not kind.is_trimmed else VARCHAR
    return named(name)


def turn(node: exp.Expr, letter: str, context: Context) -> exp.Expr:
    """Turn an argument into what a function takes there; see `definitions` for the letters."""
    if isinstance(node, exp.Star | exp.Lambda):
        return node
    kind = type_of(node)
    match letter:
        case "t":
            return node if kind in (VARCHAR, NULL, BLOB) else as_shown(node, is_snowflake=context.is_snowflake)
        case "i":
            return node if kind.is_integer or kind == NULL else casts.to_integer(node, context, kind=BIGINT)
        case "n" | "f" if kind == JSON and not context.is_snowflake:
            return super_number(node)
        case "n":
            return numeric(node) if kind != BOOLEAN else cast(node, INTEGER)
        case "f":
            return node if kind == NULL else cast(numeric(node), DOUBLE)
        case "b":
            return _boolean(node, kind)
        case "d":
            return casts.to_kind(node, DATE)
        case "s":
            return casts.to_kind(node, TIMESTAMP)
        case "p":
            if has_clocks(node):
                return on_its_clocks(node)
            return casts.to_kind(node, TIMESTAMP) if kind in (VARCHAR, JSON) else node
        case "j":
            return as_json(node)
        case "v":
            return as_variant(node) if context.is_snowflake else as_json(node)
        case "x":
            return casts.to_kind(node, BLOB)
        case _:
            return node


def _boolean(node: exp.Expr, kind: ValueType) -> exp.Expr:
    if kind in (BOOLEAN, NULL):
        return node
    if kind == UNKNOWN or kind.is_number:
        return cast(node, BOOLEAN)
    return casts.to_kind(node, BOOLEAN)
