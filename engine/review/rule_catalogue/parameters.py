"""The typed parameters of a rule, read from the fields of `ColumnSchema`: types, bounds and descriptions.

A key that is added to the models gets its field here by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from engine.review.rule_catalogue.choices import Choices, shown_aggregates
from engine.review.rule_catalogue.records import ParameterKind, Path, RuleParameter
from engine.rules.distributions.law_names import parameters_of_law
from engine.schema.column_rules import COLUMN_RULES, ColumnRule, Role, default_rule
from engine.schema.models import ColumnSchema
from engine.schema.rollups import AGGREGATES
from engine.schema.types import TIMESTAMPS, Kind, WarehouseType

_LABELS = {
    "min_value": "Min", "max_value": "Max", "date_start": "First day", "date_end": "Last day",
    "timestamp_start": "From", "timestamp_end": "To", "time_start": "From", "time_end": "To",
    "faker_args": "Arguments", "locale_by": "Locale by column", "place": "Part", "line_number_of": "Counts inside",
    "fan_out": "Rows per parent", "fan_out_weights": "Weights of rows per parent", "counted": "Counted",
    "where": "Only parents where", "through": "Through",
}  # fmt: skip
_SQL = frozenset({"expression", "null_when", "any", "all"})
_KEYS_OF_PARENTS = ("fan_out", "fan_out_weights", "counted", "where", "distribution")
_MOMENTS = {"date": "date", "date-time": "timestamp", "time": "time"}


def parameters_of(
    rule: ColumnRule, kind: WarehouseType, keys: Mapping[str, Any], choices: Choices | None = None
) -> Iterator[RuleParameter]:
    """Yield the parameters of a rule for a column with these keys; `choices` are those of what names columns.

    A rule that shapes a range has its bounds and the other shapes among its parameters.
    """
    if rule.name == "foreign_key":
        for key in _KEYS_OF_PARENTS:
            yield from _of_field(("foreign_key", key), _definition("ForeignKey")["properties"][key], False)
        return
    if rule.name == "distribution":
        yield from _of_distribution(keys)
    elif rule.name == "follows" and choices and choices.get((rule.name,)):
        description = "From -1 to 1: how closely the values follow it, and in which direction."
        for name in choices[(rule.name,)]:
            yield RuleParameter((rule.name, name), f"Follows {name}", "decimal", description, minimum=-1, maximum=1)
    elif rule.role is not Role.DEFAULT:
        for found in _of_field((rule.name,), _properties()[rule.name], True):
            if not (rule.name == "rollup" and _is_of_other_aggregate(found, keys)):
                yield _with_choices(found, choices)
    for key in rule.parameters:
        if rule.name == "faker_rule" and key == "faker_args":
            continue
        for found in _of_field((key,), _properties()[key], False):
            yield _with_choices(found, choices)
    if rule.role is Role.SOURCE:
        return
    if rule.role is Role.SHAPE and rule.name != "distribution":
        yield from _other_shapes(rule, kind.kind)
    yield from _bounds(kind, keys)


def _of_distribution(keys: Mapping[str, Any]) -> Iterator[RuleParameter]:
    given = keys.get("distribution") or {}
    name = str(given.get("type", "")) if isinstance(given, Mapping) else ""
    for parameter, is_needed, is_positive in parameters_of_law(name):
        yield RuleParameter(
            ("distribution", "parameters", parameter),
            parameter.replace("_", " ").capitalize() if len(parameter) > 1 else parameter,
            "decimal",
            "It must be above 0." if is_positive else "",
            is_required=is_needed,
        )


def _other_shapes(rule: ColumnRule, kind: Kind) -> Iterator[RuleParameter]:
    for other in COLUMN_RULES.values():
        is_joinable = other.role is Role.SHAPE and other.name not in (
            rule.name,
            "distribution",
            "distribution_by",
            "follows",
        )
        if is_joinable and kind in other.kinds:
            yield from _of_field((other.name,), _properties()[other.name], False)


def _bounds(kind: WarehouseType, keys: Mapping[str, Any]) -> Iterator[RuleParameter]:
    for key in (key for pair in default_rule(kind.kind).ranges for key in pair):
        is_of_other_type = key.startswith("date_") if kind.kind in TIMESTAMPS else key.startswith("timestamp_")
        if is_of_other_type and key not in keys:
            continue
        for found in _of_field((key,), _properties()[key], False):
            yield _in_type(found, kind)


def _in_type(found: RuleParameter, kind: WarehouseType) -> RuleParameter:
    """Return the bound of a number in the column's type, with the numbers that the type can hold."""
    if found.kind != "decimal" or kind.kind not in (Kind.INTEGER, Kind.DECIMAL):
        return found
    low, high = kind.integer_bounds
    number: ParameterKind = "integer" if kind.scale == 0 else "decimal"
    return RuleParameter(
        found.path, found.label, number, found.description, minimum=low / 10**kind.scale, maximum=high / 10**kind.scale
    )  # fmt: skip


def _is_of_other_aggregate(found: RuleParameter, keys: Mapping[str, Any]) -> bool:
    """Whether a parameter is an aggregate that the roll-up does not have, or has no value to set."""
    name = found.path[-1]
    return name == "count" or (name in AGGREGATES and name not in shown_aggregates(keys))


def _with_choices(found: RuleParameter, choices: Choices | None) -> RuleParameter:
    listed = (choices or {}).get(found.path)
    return replace(found, kind="choice", choices=listed) if listed else found


def _of_field(path: Path, schema: Mapping[str, Any], is_required: bool) -> Iterator[RuleParameter]:
    """Yield the parameters of a field of the JSON Schema: those of its own fields when it is an object."""
    description = " ".join(str(schema.get("description", "")).split())
    plain = _without_null(schema)
    label = _LABELS.get(path[-1], path[-1].replace("_", " ").capitalize())
    reference = str(plain.get("$ref", "")).rpartition("/")[2]
    inner = _definition(reference) if reference else {}
    if inner.get("properties") and reference not in ("LocaleChoice", "Distribution"):
        for key, part in inner["properties"].items():
            is_needed = is_required and key in inner.get("required", ())
            yield from _of_field((*path, key), part, is_needed)
        return
    rest: dict[str, Any] = {
        "description": description,
        "default": schema.get("default"),
        "is_required": is_required,
        "minimum": _number(plain, "minimum"),
        "maximum": _number(plain, "maximum"),
    }
    match plain:
        case {"enum": choices}:
            yield RuleParameter(path, label, "choice", choices=tuple(map(str, choices)), **rest)
        case {"type": "string", "format": form} if form in _MOMENTS:
            yield RuleParameter(path, label, _MOMENTS[form], **rest)  # type: ignore[arg-type]
        case {"type": "string"}:
            is_sql = path[-1] in _SQL or path[-1] == "where"
            yield RuleParameter(path, label, "expression" if is_sql else "text", **rest)
        case {"type": "boolean"}:
            yield RuleParameter(path, label, "boolean", **rest)
        case {"type": "integer"}:
            yield RuleParameter(path, label, "integer", **rest)
        case {"type": "number"} | {"anyOf": [{"type": "number"}, {"type": "string"}]}:
            yield RuleParameter(path, label, "decimal", **rest)
        case {"type": "array", "minItems": size, "maxItems": most} if size == most and "items" in plain:
            is_pair = size == 2
            yield RuleParameter(path, label, "pair" if is_pair else "shares", size=size, **rest)
        case {"type": "array", "prefixItems": [_, _]}:
            yield RuleParameter(path, label, "pair", size=2, **rest)
        case {"type": "array"}:
            yield RuleParameter(path, label, "list", **rest)
        case {"anyOf": _}:
            yield RuleParameter(path, label, "text", **rest)
        case _:
            yield RuleParameter(path, label, "json", **rest)


def _number(schema: Mapping[str, Any], key: str) -> float | None:
    found = schema.get(key)
    return None if found is None else float(found)


def _without_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    if len(options) == 1:
        return dict(options[0])
    return {**schema, "anyOf": options} if options else schema


@cache
def _json_schema() -> dict[str, Any]:
    return ColumnSchema.model_json_schema()


def _properties() -> dict[str, Any]:
    found: dict[str, Any] = _json_schema()["properties"]
    return found


def _definition(name: str) -> dict[str, Any]:
    found: dict[str, Any] = _json_schema()["$defs"][name]
    return found
