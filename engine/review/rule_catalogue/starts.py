"""The JSON keys with which a column starts a rule: valid for its type, its row and its schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Any

from engine.schema.column_rules import DATES, ColumnRule
from engine.schema.conditional import deciding_paths
from engine.schema.events import is_event_key
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind, WarehouseType

_FEW = 3
_MAX_SHARED_DIGITS = 16
_DEGREES = 90
_SPAN = 100.0
_DAYS = 365.0
_FIRST_DAY = date(2024, 1, 1)


def starts_of(rule: ColumnRule, schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> dict[str, Any]:
    """Return the keys of a column that starts with a rule; empty when nothing in the schema makes it possible."""
    match rule.name:
        case "values":
            return {"values": _listed(column.type)}
        case "sequence":
            is_narrow = column.type.kind in NUMERIC and not _is_wide(column.type, _FEW)
            return {} if is_narrow else {"sequence": _counted(column.type.kind)}
        case "template":
            names = list(_others(table, column))
            return {"template": f"{{{names[0].name}}}-{column.name}"} if names else {}
        case "expression":
            return {"expression": _expression(table, column)}
        case "foreign_key":
            parent = next(iter(referable(schema, table, column)), None)
            return {} if parent is None else {"foreign_key": parent}
        case "line_number_of":
            grouped = next(iter(counted_columns(table)), "")
            return {"line_number_of": grouped} if grouped and _is_wide(column.type, _FEW) else {}
        case "values_by":
            path = _deciding(table, column)
            listed = {_text(value): 1 for value in _listed(column.type)}
            return {"values_by": {path: {"*": listed}}} if path else {}
        case "follows":
            can_follow = column.type.kind in NUMERIC | DATES | {Kind.TIME, Kind.BOOLEAN}
            return {"follows": {table.latents[0]: 0.7}} if table.latents and can_follow else {}
        case "distribution_by":
            path = _deciding(table, column)
            return {"distribution_by": {path: {"*": start_of_distribution("normal", column)}}} if path else {}
        case "split_of" | "running":
            return _within_parent(rule.name, schema, table, column)
        case "every":
            return _every(schema, table, column)
        case "series":
            keys = [key for key in table.columns if key.foreign_key is not None and key is not column]
            fanned = [key for key in keys if key.foreign_key and key.foreign_key.spread and not key.is_nullable]
            series = {"within": fanned[0].name, "level": 20, "ar": {"coefficient": 0.9, "stddev": 2}} if fanned else {}
            return {"series": series} if series and _is_wide(column.type, 90) else {}
        case "rollup":
            return _rollup(schema, table, column)
        case "place":
            return _place(column.type)
    example = {key: value for key, value in rule.example.items() if key in rule.keys}
    return example if rule.name in example else {}


def start_of_distribution(name: str, column: ColumnSchema) -> dict[str, Any]:
    """Return the parameters with which a distribution starts: most values lie inside the column's bounds."""
    low, high = _ends(column)
    middle, width = (low + high) / 2, high - low
    mean = max(middle, 1e-6)
    found: dict[str, Mapping[str, float]] = {
        "uniform": {},
        "normal": {"mean": middle, "stddev": width / 6},
        "lognormal": {"mean": 1.0, "sigma": 0.5},
        "exponential": {"scale": max(width / 5, 1e-6)},
        "beta": {"alpha": 2, "beta": 5},
        "gamma": {"shape": 2, "scale": max(width / 8, 1e-6)},
        "poisson": {"lambda": min(mean, 1000)},
        "zipf": {"s": 1.5},
        "triangular": {"min": low, "mode": low + width / 4, "max": high},
        "pareto": {"alpha": 1.5},
        "weibull": {"shape": 1.5, "scale": max(width / 3, 1e-6)},
        "binomial": {"n": 10, "p": 0.5},
        "geometric": {"p": 0.3},
        "negative_binomial": {"n": 5, "p": 0.5},
        "student_t": {"df": 5, "loc": middle, "scale": max(width / 10, 1e-6)},
        "chi_square": {"df": 4},
        "laplace": {"loc": middle, "scale": max(width / 10, 1e-6)},
    }
    parameters = {key: _round(value) for key, value in found.get(name, {}).items()}
    return {"type": name, **({"parameters": parameters} if parameters else {})}


def referable(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> list[dict[str, Any]]:
    """Return the unique columns of the same kind of type that the column's foreign key can refer to, likely ones first.

    The name tells: `club_id` refers to `clubs.club_id` or to `clubs.id`, and a table's own key comes last.
    """
    name = column.name.casefold()

    def distance(parent: TableSchema, target: ColumnSchema) -> int:
        if parent.key == table.key:
            return 3
        if target.name.casefold() == name:
            return 0
        return 1 if name.startswith(parent.name.casefold().removesuffix("s")) else 2

    found = [
        (parent, target)
        for parent in schema.tables
        for target in parent.columns
        if (parent.key != table.key or target.name != column.name)
        and parent.is_unique(target)
        and _kind(target) is _kind(column)
    ]
    found.sort(key=lambda pair: distance(*pair))
    return [{"references_table": parent.key, "references_column": target.name} for parent, target in found]


def counted_columns(table: TableSchema) -> list[str]:
    """Return the columns inside which a line number can count: with groups, with a fan-out, or counted."""
    return [
        column.name
        for column in table.columns
        if column.groups is not None
        or (column.foreign_key is not None and (column.foreign_key.spread or column.foreign_key.counted))
        or is_event_key(table.events_of, column.name)
    ]


def _rollup(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> dict[str, Any]:
    """Return a roll-up of the first table whose rows are known for each row: their number, or a column's min."""
    kind = column.type.kind
    for child in schema.tables:
        for key in child.columns:
            if not _is_key_with_fan_out(schema, table, child, key):
                continue
            source = {"of": f"{child.key}.{key.name}"}
            if kind is Kind.BOOLEAN:
                return {"rollup": {**source, "any": f"{key.name} is not null"}}
            if kind in (Kind.INTEGER, Kind.DECIMAL) and _is_wide(
                column.type, (key.foreign_key.fan_out or (0, 0))[1] if key.foreign_key else 0
            ):
                return {"rollup": {**source, "count": True}}
            same = (
                one.name
                for one in child.columns
                if one is not column and str(one.type) == str(column.type) and not _is_derived(one)
            )
            if column.is_nullable and kind is not Kind.FLOAT and (name := next(same, None)) is not None:
                return {"rollup": {**source, "min": name}}
    return {}


def _within_parent(name: str, schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> dict[str, Any]:
    """Return a share of a number of the first parent with a fan-out, or a running total of a column within it."""
    for key in table.columns:
        parents = (one for one in schema.tables if _is_key_with_fan_out(schema, one, table, key))
        parent = next(parents, None)
        if parent is None or key.is_nullable or key is column:
            continue
        read = parent if name == "split_of" else table
        numbers = (one for one in read.columns if one is not column and not read.is_unique(one))
        lines = 1 if name == "split_of" or key.foreign_key is None else (key.foreign_key.fan_out or (0, 1))[1]
        number = next((one.name for one in numbers if _adds_up(one, column, lines)), None)
        if number is not None and name == "split_of":
            return {"split_of": f"{key.name}.{number}"}
        if number is not None:
            return {"running": {"sum": number, "within": key.name}}
    return {}


def _every(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> dict[str, Any]:
    """Return an interval within the first foreign key whose rows are known."""
    for key in table.columns:
        parents = (one for one in schema.tables if _is_key_with_fan_out(schema, one, table, key))
        if next(parents, None) is not None and key is not column and (column.is_nullable or not key.is_nullable):
            interval = "1 day" if column.type.kind is Kind.DATE else "15 minutes"
            return {"every": {"within": key.name, "start": _FIRST_DAY.isoformat(), "interval": interval}}
    return {}


def _adds_up(one: ColumnSchema, column: ColumnSchema, lines: int) -> bool:
    """Whether a column is an exact number that reads nothing, of which another one holds the sum over some lines."""
    is_exact = _kind(one) in (Kind.INTEGER, Kind.DECIMAL) and not one.is_nullable and not _is_derived(one)
    if not is_exact or one.type.scale > column.type.scale or one.type.precision > _MAX_SHARED_DIGITS:
        return False
    return one.max_value is None or _is_wide(column.type, lines * ceil(float(one.max_value)))


def _is_key_with_fan_out(
    schema: ExperimentSchema, table: TableSchema, child: TableSchema, column: ColumnSchema
) -> bool:
    key = column.foreign_key
    if key is None or key.fan_out is None:
        return False
    try:
        parent = schema.table(key.references_table, within=child.schema_name)
        return parent is table and table.is_unique(table.column(key.references_column))
    except KeyError:
        return False


def _is_derived(column: ColumnSchema) -> bool:
    """Whether a column reads others, so that reading it can lead back."""
    read = (
        column.expression, column.template, column.foreign_key, column.rollup, column.split_of, column.running,
        column.every, column.series,
    )  # fmt: skip
    return any(rule is not None for rule in read)


def _place(kind: WarehouseType) -> dict[str, Any]:
    """Return the part of a place that a type can hold."""
    if kind.kind is Kind.TEXT:
        return {"place": "city"}
    is_coordinate = kind.kind is Kind.FLOAT or (
        kind.kind is Kind.DECIMAL and kind.scale > 0 and _is_wide(kind, _DEGREES)
    )
    return {"place": "latitude"} if is_coordinate else {}


def _is_wide(kind: WarehouseType, number: int) -> bool:
    """Whether a type of number can hold a number."""
    return kind.kind is Kind.FLOAT or kind.integer_bounds[1] >= number * 10**kind.scale


def _deciding(table: TableSchema, column: ColumnSchema) -> str:
    """Return the name of a column that can decide another one's values: first one with few values."""
    found = [each for each in _others(table, column) if each.type.kind not in (Kind.JSON, Kind.BINARY)]
    found = [each for each in found if not any(deciding_paths(each))]
    found.sort(key=lambda each: each.values is None and each.type.kind is not Kind.BOOLEAN)
    return found[0].name if found else ""


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _others(table: TableSchema, column: ColumnSchema) -> Iterator[ColumnSchema]:
    """Yield the columns that the column can read without a circle: first those that read nothing."""
    return (each for each in table.columns if each.name != column.name and not (each.expression or each.template))


def _expression(table: TableSchema, column: ColumnSchema) -> str:
    kind = column.type.kind
    same = next((each.name for each in _others(table, column) if _kind(each) is kind and kind in NUMERIC), None)
    if same is not None:
        return f"{same} * 1"
    literal = {
        Kind.BOOLEAN: "true",
        Kind.DATE: "date '2024-01-01'",
        Kind.TIME: "time '08:00:00'",
        Kind.UUID: "'00000000-0000-0000-0000-000000000001'",
        Kind.JSON: "'{}'",
    }
    if kind in NUMERIC:
        return "1" if _is_wide(column.type, 1) else "0"
    return literal.get(kind, "timestamp '2024-01-01 08:00:00'" if kind in TIMESTAMPS else "'a'")


def _listed(kind: WarehouseType) -> list[Any]:
    """Return some different values of a type."""
    if kind.kind is Kind.BOOLEAN:
        return [True, False]
    if kind.kind in NUMERIC:
        return list(range(1, _FEW + 1)) if _is_wide(kind, _FEW) else [0, *(number / 10 for number in range(1, _FEW))]
    days = [_FIRST_DAY + timedelta(days=number) for number in range(_FEW)]
    if kind.kind is Kind.DATE:
        return [day.isoformat() for day in days]
    if kind.kind in TIMESTAMPS:
        return [datetime.combine(day, time(8)).isoformat(sep=" ") for day in days]
    if kind.kind is Kind.TIME:
        return [time(8 + number).isoformat() for number in range(_FEW)]
    if kind.kind is Kind.UUID:
        return [f"00000000-0000-0000-0000-{number:012}" for number in range(1, _FEW + 1)]
    if kind.kind is Kind.JSON:
        return [f'{{"kind": {number}}}' for number in range(1, _FEW + 1)]
    return ["A", "B", "C"]


def _counted(kind: Kind) -> dict[str, Any]:
    if kind in DATES:
        start = _FIRST_DAY.isoformat() if kind is Kind.DATE else f"{_FIRST_DAY.isoformat()} 00:00:00"
        return {"start": start, "step": 1}
    return {"start": "00:00:00", "step": 1} if kind is Kind.TIME else {"start": 1, "step": 1}


def _ends(column: ColumnSchema) -> tuple[float, float]:
    """Return the numbers between which a distribution should have its values.

    Of dates these are days, of timestamps and times seconds after the start of the range.
    """
    kind = column.type.kind
    if kind in NUMERIC:
        low = 0.0 if column.min_value is None else float(column.min_value)
        high = low + _SPAN if column.max_value is None else float(column.max_value)
        if kind is not Kind.FLOAT and column.max_value is None:
            high = min(high, float(column.type.integer_bounds[1]) / 10**column.type.scale)
        return (low, high) if low < high else (low, low + 1)
    first, last = column.date_start or column.timestamp_start, column.date_end or column.timestamp_end
    days = _DAYS if first is None or last is None else float((_day(last) - _day(first)).days)
    if kind is Kind.DATE:
        return 0.0, max(days, 1.0)
    return 0.0, max(days, 1.0) * 86_400 if kind in TIMESTAMPS else 86_400.0


def _day(moment: date) -> date:
    return date(moment.year, moment.month, moment.day)


def _round(value: float) -> float:
    return int(value) if value == int(value) else float(f"{value:.4g}")


def _kind(column: ColumnSchema) -> Kind | None:
    try:
        return column.type.kind
    except ValueError:
        return None
