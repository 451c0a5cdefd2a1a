"""Table functions: FLATTEN, SPLIT_TO_TABLE, GENERATOR and so on, with LATERAL and in TABLE(...)."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from engine.errors import did_you_mean
from engine.sql.translation.functions.foreign_functions import hint_for
from engine.sql.translation.queries.input_rows import number_elements
from engine.sql.translation.tree.nodes import as_json, as_text, boolean, call, cast, literal_text, text
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.scopes import Columns, Source
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import BIGINT, JSON, VARCHAR

_FLATTENED: Columns = {
    "seq": BIGINT,
    "key": VARCHAR,
    "path": VARCHAR,
    "index": BIGINT,
    "value": JSON,
    "this": JSON,
}
_PARTS: Columns = {"seq": BIGINT, "index": BIGINT, "value": VARCHAR}

_TableSource = tuple[exp.Expr, Columns]


def translate_table_function(node: exp.Anonymous, alias: exp.TableAlias | None, context: Context) -> exp.Expr:
    """Translate a call in a FROM, and add it to the scope."""
    if node.name.upper() == "TABLE" and len(node.expressions) == 1:
        node = node.expressions[0]
    name = node.name.upper()
    make = _FUNCTIONS[context.dialect].get(name)
    if make is None or not isinstance(node, exp.Anonymous):
        message = f"Unknown {context.vendor} table function {name or 'TABLE'}."
        hint = hint_for(name, context.dialect) or did_you_mean(name, _FUNCTIONS[context.dialect])
        raise UntranslatableError(node, message, hint)
    result, columns = make(_translate_arguments(node, context), node)
    hidden = ""
    if isinstance(result, exp.Select):
        unnest = result.expressions[0]
        rows, columns["seq"], hidden = number_elements(unnest.expressions[0], context)
        unnest.set("expressions", [rows, *unnest.expressions[1:]])
    known_as = alias.name if alias and alias.this else name.lower()
    names = [column.name for column in alias.args.get("columns") or ()] if alias else []
    if names:
        columns = dict(zip([each.lower() for each in names], columns.values(), strict=False))
    context.scope.sources.append(Source(known_as, columns, row_number=hidden))
    identifiers = [exp.to_identifier(each) for each in names] or None
    label = exp.TableAlias(this=exp.to_identifier(known_as, quoted=True), columns=identifiers)
    if isinstance(result, exp.Select):
        return exp.Lateral(this=exp.Subquery(this=result), alias=label)
    return exp.Table(this=result, alias=label)


def _translate_arguments(node: exp.Anonymous, context: Context) -> dict[str, exp.Expr]:
    """Return the translated arguments by lower-case name, or by position: `0`, `1`, ..."""
    found = {}
    for index, argument in enumerate(node.expressions):
        if isinstance(argument, exp.Kwarg | exp.PropertyEQ):
            found[argument.this.name.lower()] = context.translator.translate(argument.expression, context)
        else:
            found[str(index)] = context.translator.translate(argument, context)
    return found


def _flatten(arguments: dict[str, exp.Expr], node: exp.Anonymous) -> _TableSource:
    """Translate FLATTEN: one row per array element or object entry.

    https://docs.snowflake.com/en/sql-reference/functions/flatten
    """
    value = arguments.get("input") or arguments.get("0")
    if value is None:
        raise UntranslatableError(node, "FLATTEN needs the argument INPUT.")
    path = literal_text(arguments.get("path")) or ""
    value = as_json(value)
    if path:
        value = call("json_extract", value, text("$." + path if not path.startswith("[") else "$" + path), kind=JSON)
    mode = (literal_text(arguments.get("mode")) or "both").lower()
    rows = call(
        "sf_flatten_rows",
        value,
        text(path),
        arguments.get("outer") or boolean(False),
        arguments.get("recursive") or boolean(False),
        text(mode),
    )
    return _unnest(rows), dict(_FLATTENED)


def _split_to_table(arguments: dict[str, exp.Expr], node: exp.Anonymous) -> _TableSource:
    """Translate SPLIT_TO_TABLE.

    https://docs.snowflake.com/en/sql-reference/functions/split_to_table
    """
    whole, separator = _take_two(arguments, node)
    return _unnest(call("sf_split_rows", as_text(whole), as_text(separator))), dict(_PARTS)


def _strtok_split_to_table(arguments: dict[str, exp.Expr], node: exp.Anonymous) -> _TableSource:
    """Translate STRTOK_SPLIT_TO_TABLE.

    https://docs.snowflake.com/en/sql-reference/functions/strtok_split_to_table
    """
    if "1" not in arguments:
        arguments["1"] = text(" ")
    whole, separators = _take_two(arguments, node)
    return _unnest(call("sf_strtok_rows", as_text(whole), as_text(separators))), dict(_PARTS)


def _generator(arguments: dict[str, exp.Expr], node: exp.Anonymous) -> _TableSource:
    """Translate GENERATOR(ROWCOUNT => n): n rows without columns of their own.

    https://docs.snowflake.com/en/sql-reference/functions/generator
    """
    count = arguments.get("rowcount") or arguments.get("0")
    if count is None:
        raise UntranslatableError(node, "GENERATOR needs ROWCOUNT: TIMELIMIT would return different rows each time.")
    return call("range", cast(count, BIGINT)), {"range": BIGINT}


def _generate_series(arguments: dict[str, exp.Expr], node: exp.Anonymous) -> _TableSource:
    """Translate `generate_series(first, last[, step])`.

    https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-functions.html (leader node only)
    """
    result = call("generate_series", *arguments.values())
    return result, {"generate_series": BIGINT}


def _unnest(rows: exp.Expr) -> exp.Select:
    recursive = exp.PropertyEQ(this=exp.to_identifier("recursive"), expression=exp.true())
    return exp.Select(expressions=[call("unnest", rows, recursive)])


def _take_two(arguments: dict[str, exp.Expr], node: exp.Anonymous) -> tuple[exp.Expr, exp.Expr]:
    if len(arguments) != 2:
        raise UntranslatableError(node, f"{node.name.upper()} takes two arguments.")
    first, second = arguments.values()
    return first, second


_FUNCTIONS: dict[str, dict[str, Callable[[dict[str, exp.Expr], exp.Anonymous], _TableSource]]] = {
    "snowflake": {
        "FLATTEN": _flatten,
        "SPLIT_TO_TABLE": _split_to_table,
        "STRTOK_SPLIT_TO_TABLE": _strtok_split_to_table,
        "GENERATOR": _generator,
    },
    "redshift": {"GENERATE_SERIES": _generate_series},
}
