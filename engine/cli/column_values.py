"""What a column's values are, in a line for people: its key or rule, its bounds, its default and its NULLs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.schema.column_rules import Role, rule_of
from engine.schema.distribution import Distribution
from engine.schema.events import is_event_key
from engine.schema.foreign_keys import CompositeForeignKey, ForeignKey
from engine.schema.made_columns import describe_made
from engine.schema.models import ColumnSchema, Sequence, TableSchema
from engine.schema.relations import bounds_of


def describe_values(table: TableSchema, column: ColumnSchema) -> str:
    """Return what makes the values of a column."""
    return "; ".join([_key(table, column) or describe_made(table, column) or _rule(column), *_exceptions(column)])


def _key(table: TableSchema, column: ColumnSchema) -> str:
    """Return the description of the column's foreign key; empty without one."""
    if column.foreign_key is not None:
        key = column.foreign_key
        steps = ", one row for each step" if is_event_key(table.events_of, column.name) else ""
        return f"key of {key.references_table}.{key.references_column}{_options(key)}{steps}"
    composite = next((key for key in table.foreign_keys if column.name in key.columns), None)
    if composite is None:
        return ""
    target = composite.references_columns[composite.columns.index(column.name)]
    others = ", ".join(each for each in composite.columns if each != column.name)
    with_others = f", with {others}" if others else ""
    return f"key of {composite.references_table}.{target}{with_others}{_options(composite)}"


def _options(key: ForeignKey | CompositeForeignKey) -> str:
    options = [f"{low} to {high} rows each" for low, high in [bounds_of(key.spread)]] if key.spread else []
    options += ["each at most once"] if key.unique else []
    options += [f"some more often ({key.distribution.type})"] if key.distribution else []
    options += [f"where {key.where}"] if key.where else []
    return "".join(f", {option}" for option in options)


def _rule(column: ColumnSchema) -> str:
    rule = rule_of(column)
    value = None if rule.role is Role.DEFAULT else getattr(column, rule.name)
    match value:
        case None:
            shown = ""
        case list():
            shown = ", ".join(map(str, value))
        case Sequence():
            shown = f"{value.start} + {value.step:f} a row"
        case Distribution():
            shown = value.type
        case dict() if rule.name == "follows":
            shown = _loadings(value)
        case dict():  # cases
            shown = ", ".join(f"{path} ({', '.join(cases)})" for path, cases in value.items())
        case _:
            shown = str(getattr(value, "type", value))
    bounds = "" if rule.role is Role.SOURCE else _bounds(column)
    return f"{rule.label}: {', '.join(filter(None, (shown, bounds)))}" if shown or bounds else rule.label


def _loadings(follows: Mapping[str, float]) -> str:
    return ", ".join(f"{path} x {loading:g}" for path, loading in follows.items())


def _bounds(column: ColumnSchema) -> str:
    for low, high in (
        (column.min_value, column.max_value),
        (column.date_start, column.date_end),
        (column.timestamp_start, column.timestamp_end),
        (column.time_start, column.time_end),
    ):
        if low is not None and high is not None:
            return f"{low} to {high}"
        if low is not None or high is not None:
            return f"from {low}" if high is None else f"up to {high}"
    return ""


def _exceptions(column: ColumnSchema) -> Iterator[str]:
    if column.default_value is not None:
        yield f"{column.default_value} in {column.effective_default_fraction:.0%} of the rows"
    if column.follows is not None and rule_of(column).name != "follows":
        yield f"follows {_loadings(column.follows)}"
    if column.null_when is not None:
        yield f"NULL when {column.null_when}"
