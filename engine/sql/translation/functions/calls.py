"""Function calls, translated by the definitions of their dialect or by a rewrite."""

from __future__ import annotations

from sqlglot import exp

from engine.errors import did_you_mean
from engine.sql.translation import functions
from engine.sql.translation.expressions import casts
from engine.sql.translation.expressions.arithmetic import super_to_numeric, to_numeric
from engine.sql.translation.expressions.patterns import check_pattern
from engine.sql.translation.functions.definitions import Function
from engine.sql.translation.functions.foreign_functions import hint_for
from engine.sql.translation.functions.refused_functions import reason_for
from engine.sql.translation.padding.char_padding import pad_char
from engine.sql.translation.tree.nodes import as_json, as_text, call, cast, drop_offset, literal_text
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.sharing import can_fail
from engine.sql.translation.tree.sort_keys import DIRECTIONS, pick_extreme
from engine.sql.translation.tree.timestamp_offsets import (
    as_common,
    as_display_text,
    as_variant,
    has_offset,
    to_local_time,
)
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
    common_type,
    parse_type,
    type_of,
)

_CALLED_WORDS = ("EXISTS", "CAST", "TRY_CAST", "EXTRACT", "POSITION", "TRIM", "SUBSTRING", "VALUES")
"""Words that have a special syntax although a parenthesis follows."""


def translate_call(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate a call by its name.

    Raises `UntranslatableError` for a function that is unsupported or unknown.
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
        translated = _apply_rewrite(rewrite, node, context)
        if name in functions.AGGREGATES:
            translated.meta[AGGREGATE] = True
        return translated
    if name.startswith(("REGEXP_", "RLIKE")):
        check_pattern(node, context.vendor)
    definition = definitions.get(name)
    of_bytes = functions.BYTES[context.dialect].get(name)
    if of_bytes is not None:
        context.translator.translate_parts(node, context)
        if any(type_of(each) == BLOB for each in node.expressions[: None if name == "CONCAT" else 1]):
            return apply_function(of_bytes, list(node.expressions), context, node)
        if definition is not None:
            return apply_function(definition, list(node.expressions), context, node)
    if definition is None:
        known = [*definitions, *rewrites, *_CALLED_WORDS]
        raise UntranslatableError(
            node,
            f"Unknown {context.vendor} function {name}.",
            hint_for(name, context.dialect) or did_you_mean(name, known),
        )
    context.translator.translate_parts(node, context)
    translated = apply_function(definition, list(node.expressions), context, node)
    if name in functions.AGGREGATES:
        translated.meta[AGGREGATE] = True
    return translated


def _apply_rewrite(rewrite: Rewrite, node: exp.Anonymous, context: Context) -> exp.Expr:
    """Apply a rewrite, which does not check the number of its arguments."""
    name, count = node.name.upper(), len(node.expressions)
    try:
        return rewrite(node, context)
    except (IndexError, ValueError) as error:
        raise UntranslatableError(node, f"{name} does not take {count} arguments.") from error


def apply_function(function: Function, arguments: list[exp.Expr], context: Context, node: exp.Expr) -> exp.Expr:
    """Call a defined function with translated arguments, each converted to its parameter type."""
    if len(arguments) == 1 and isinstance(arguments[0], exp.Distinct):
        inner = arguments[0]
        inner.set("expressions", _convert_arguments(function, list(inner.expressions), context))
        kinds = [type_of(each) for each in inner.expressions]
        return call(function.target, inner, kind=_result_type(function.result, kinds))
    max_count = function.max_arguments
    if len(arguments) < function.min_arguments or (max_count is not None and len(arguments) > max_count):
        min_count = function.min_arguments
        counts = f"{min_count}" if max_count == min_count else f"{min_count} to {max_count or 'any number of'}"
        raise UntranslatableError(node, f"{function.name} takes {counts} arguments, but got {len(arguments)}.")
    turned = _convert_arguments(function, arguments, context)
    if function.target in ("lag", "lead") and len(turned) == 3:
        turned[::2] = as_common(turned[::2], is_snowflake=context.is_snowflake)
    if function.result == "*":
        turned = as_common(turned, is_snowflake=context.is_snowflake)
    if function.target in DIRECTIONS and common_type([type_of(each) for each in turned]) == JSON:
        return pick_extreme(function.target, turned)
    if function.result == "*" and not context.is_snowflake:
        turned = _unify_mixed(turned)
    kinds = [type_of(each) for each in turned]
    if function.packs:
        fixed = len(function.letters) - 1
        turned = [*turned[:fixed], exp.Array(expressions=turned[fixed:])]
    if function.target == "coalesce" and can_fail(turned):
        context.translator.has_guarded_values = True
    if function.name in ("OCTET_LENGTH", "BIT_LENGTH") and not context.is_snowflake:
        turned = [pad_char(each) for each in turned]
    result_type = _text_result_type(function.name, kinds, _result_type(function.result, kinds))
    return call(function.target, *turned, kind=result_type)


def _text_result_type(name: str, kinds: list[ValueType], result: ValueType) -> ValueType:
    """Return the type of a result: TRIM leaves no trailing blanks, UPPER and LOWER keep CHAR or VARCHAR.

    https://docs.aws.amazon.com/redshift/latest/dg/r_UPPER.html
    """
    if name in ("TRIM", "BTRIM", "RTRIM") and len(kinds) == 1:
        return TRIMMED
    return kinds[0] if name in ("UPPER", "LOWER") and kinds[0] == VARCHAR else result


def _convert_arguments(function: Function, arguments: list[exp.Expr], context: Context) -> list[exp.Expr]:
    turned = [convert_argument(argument, function.letter(index), context) for index, argument in enumerate(arguments)]
    if not function.result.isdigit() and function.result != "*":
        turned = [drop_offset(each) for each in turned]
    if function.name.startswith("BIT"):
        return turned
    return [  # positions and counts, which DuckDB takes as 64-bit integers
        cast(each, BIGINT) if function.letter(index) == "i" and type_of(each) == HUGEINT else each
        for index, each in enumerate(turned)
    ]


def _unify_mixed(values: list[exp.Expr]) -> list[exp.Expr]:
    """Convert numbers to text next to non-numeric string literals: COALESCE('none', 12)."""
    words = [text for text in map(literal_text, values) if text is not None]
    if not any(not word.strip().lstrip("+-").replace(".", "", 1).isdigit() for word in words):
        return values
    return [as_text(value) if type_of(value).is_number else value for value in values]


def _result_type(name: str, kinds: list[ValueType]) -> ValueType:
    if name == "?":
        return UNKNOWN
    if name == "*":
        return common_type(kinds) if kinds else UNKNOWN
    if name.isdigit():
        if len(kinds) < int(name):
            return UNKNOWN
        kind = kinds[int(name) - 1]
        is_trimmed = all(each.is_trimmed for each in kinds if each == VARCHAR)  # LAG returns its default as well
        return kind if is_trimmed or not kind.is_trimmed else VARCHAR
    return parse_type(name)


def convert_argument(node: exp.Expr, letter: str, context: Context) -> exp.Expr:
    """Convert an argument to its parameter type; `definitions` lists the letters."""
    if isinstance(node, exp.Star | exp.Lambda):
        return node
    kind = type_of(node)
    match letter:
        case "t":
            return node if kind in (VARCHAR, NULL, BLOB) else as_display_text(node, is_snowflake=context.is_snowflake)
        case "i":
            return node if kind.is_integer or kind == NULL else casts.to_integer(node, context, kind=BIGINT)
        case "n" | "f" if kind == JSON and not context.is_snowflake:
            return super_to_numeric(node)
        case "n":
            return to_numeric(node) if kind != BOOLEAN else cast(node, INTEGER)
        case "f":
            return node if kind == NULL else cast(to_numeric(node), DOUBLE)
        case "b":
            return _to_boolean(node, kind)
        case "d":
            return casts.to_kind(node, DATE)
        case "s":
            return casts.to_kind(node, TIMESTAMP)
        case "p":
            if has_offset(node):
                return to_local_time(node)
            return casts.to_kind(node, TIMESTAMP) if kind in (VARCHAR, JSON) else node
        case "j":
            return as_json(node)
        case "v":
            return as_variant(node) if context.is_snowflake else as_json(node)
        case "x":
            return casts.to_kind(node, BLOB)
        case _:
            return node


def _to_boolean(node: exp.Expr, kind: ValueType) -> exp.Expr:
    if kind in (BOOLEAN, NULL):
        return node
    if kind == UNKNOWN or kind.is_number:
        return cast(node, BOOLEAN)
    return casts.to_kind(node, BOOLEAN)
