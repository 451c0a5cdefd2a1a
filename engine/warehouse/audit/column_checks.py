"""Column checks of an audit: each constraint as SQL and a test of its result.

Keys are checked in `key_checks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from engine.schema.conditional import has_null_cells
from engine.schema.events import is_event_value
from engine.schema.foreign_keys import CompositeForeignKey
from engine.schema.latents import is_shared_by_rows
from engine.schema.lifecycles import is_made
from engine.schema.models import DEFAULT_NULL_FRACTION, ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.outcomes import partition_of
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind
from engine.schema.values import parse_value
from engine.sql.quoting import literal, quote
from engine.warehouse.audit.shares import is_plausible
from engine.warehouse.loading.layout import stored_name

NOT_PROVED = "not_proved"
"""The check of a promise that is not proved; what it found is the reason."""
_VALUES_SHOWN = 8
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Check:
    """One check: `sql` computes a value, `passes` tests it, `shown` formats it.

    `sql` is an aggregate over the table `t`, or a whole query when `is_query`. `rows` is the condition over a row `s`
    and its `rowid` of the rows that an aggregate is over, empty for all. `failing` is the condition of a row `t` that
    fails the check, empty where no single row does.
    """

    name: str
    table: TableSchema
    column: str
    expected: str
    sql: str
    passes: Callable[[Any], bool]
    shown: Callable[[Any], str] = str
    failing: str = ""
    is_query: bool = False
    rows: str = ""

    def failing_sql(self, rows: int = 100) -> str:
        """Return a query for failing rows; empty where no single row fails."""
        source = f"{stored_name(self.table)} as t"
        return f"select * from {source} where {self.failing} limit {rows}" if self.failing else ""


def column_checks(
    schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, expected_rows: Mapping[str, int]
) -> Iterator[Check]:
    """Yield the checks of a column, without its keys; `expected_rows` by table key."""
    name = f"t.{quote(column.name)}"
    expected_type = column.type.duckdb
    yield Check(
        "type", table, column.name, expected_type, f"any_value(typeof({name}))",
        lambda found: found is None or _is_same_type(str(found), expected_type), _format_text,
    )  # fmt: skip
    yield from _null_checks(schema, table, column, expected_rows)
    yield from _bound_checks(table, column, name)
    if column.type.length is not None and column.type.kind in (Kind.TEXT, Kind.BINARY):
        length = "length" if column.type.kind is Kind.TEXT else "octet_length"
        limit = column.type.length
        yield expect_none("length", table, column.name, f"at most {limit}", f"{length}({name}) > {limit}")
    yield from _value_checks(table, column, name)
    yield from _closed_time_checks(table, column, name)
    if column.pattern is not None:
        condition = f"not regexp_full_match({name}, {literal(pattern_regex(column.pattern))})"
        if column.default_value is not None:
            condition += f" and {name} <> {_typed_literal(parse_value(column.default_value, column.type), column)}"
        yield expect_none("pattern", table, column.name, column.pattern, condition)
    is_alone = column.null_when is None and column.null_by is None and not is_shared_by_rows(column.follows)
    if column.probability is not None and is_alone:
        fraction = column.effective_default_fraction
        expected = (1 - fraction) * column.probability + (fraction if column.default_value is True else 0.0)
        yield share("probability", table, column.name, expected, name, of=f"{name} is not null")
    if column.default_value is not None:
        yield _default_check(table, column, name)


def expect_none(name: str, table: TableSchema, column: str, expected: str, condition: str) -> Check:
    """Return the check that no row meets `condition`."""
    return Check(
        name, table, column, expected, f"count(*) filter (where {condition})",
        lambda found: found == 0, counted, condition,
    )  # fmt: skip


def share(
    name: str,
    table: TableSchema,
    column: str,
    expected: float,
    condition: str,
    *,
    of: str = "true",
    certain: int = 0,
    each: str = "*",
) -> Check:
    """Return the check that `condition` holds for a plausible share of the rows that meet `of`.

    `certain` rows are known to meet it and are excluded. `each` is what is counted, if not rows.
    """
    sql = f"[count({each}) filter (where ({of}) and ({condition})), count({each}) filter (where {of})]"

    def passes(found: Sequence[int]) -> bool:
        count, rows = found
        sure = min(certain, rows)
        return rows == 0 or (count >= sure and is_plausible(count - sure, rows - sure, expected))

    return Check(name, table, column, f"{expected:.4g}", sql, passes, _format_share)


def not_proved(table: TableSchema, column: ColumnSchema, expected: str, reason: str) -> Check:
    """Return the check that lists a promise as not proved, with the reason."""
    return Check(
        NOT_PROVED, table, column.name, expected, "select 0", lambda _: True, lambda _: reason, is_query=True
    )  # fmt: skip


def counted(found: int) -> str:
    """Return a row count as text."""
    return f"{found:,} row{'' if found == 1 else 's'}"


def _format_text(found: Any) -> str:
    return "" if found is None else str(found)


def _format_share(found: Sequence[int]) -> str:
    return f"{found[0] / found[1]:.4g}" if found[1] else ""


def _is_same_type(found: str, expected: str) -> bool:
    return found.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ") == expected


def _null_checks(
    schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, expected_rows: Mapping[str, int]
) -> Iterator[Check]:
    is_null = f"t.{quote(column.name)} is null"
    if not column.is_nullable:
        yield expect_none("not_null", table, column.name, "no NULLs", is_null)
        return
    made = (column.expression, column.rollup, column.split_of, column.running, column.every, column.series)
    has_own = any(rule is not None for rule in made) or has_null_cells(column, table)
    has_own = has_own or is_made(table.lifecycle, column.name) or is_event_value(table.events_of, column.name)
    if has_own or _has_null_when(table, column):  # they add NULLs of their own
        return
    key: CompositeForeignKey | None = next((key for key in table.foreign_keys if _is_in(column, key.columns)), None)
    reference = key or column.foreign_key
    expected, certain = column.effective_null_fraction, 0
    if key is not None:
        expected = _composite_null_fraction(table, key)
    if reference is not None:
        parent = schema.table(reference.references_table, within=table.schema_name)
        if parent.key == table.key:
            root_fraction = None if column.foreign_key is None else column.foreign_key.root_fraction
            expected, certain = expected if root_fraction is None else root_fraction, 1
        elif expected_rows[parent.key] == 0:
            expected = 1.0
    counted_as = "*"
    if column.same_within is not None:  # NULL is drawn once for each group, so that groups are counted
        owner = table.column(column.same_within)
        if owner.hidden:
            yield not_proved(table, column, f"{expected:.4g} NULL", f"the groups of {owner.name} are hidden")
            return
        counted_as = f"distinct t.{quote(owner.name)}"
    yield share("null_share", table, column.name, expected, is_null, certain=certain, each=counted_as)


def _has_null_when(table: TableSchema, column: ColumnSchema) -> bool:
    """Return whether the column, or one of the same composite foreign key, has a null_when or null_by."""
    keys = (key.columns for key in table.foreign_keys if _is_in(column, key.columns))
    names = next(keys, [column.name])
    return any(one.has_null_condition for one in map(table.column, names))


def _composite_null_fraction(table: TableSchema, key: CompositeForeignKey) -> float:
    if key.null_fraction is not None:
        return key.null_fraction
    return DEFAULT_NULL_FRACTION if key.nullable else table.column(key.columns[0]).effective_null_fraction


def _is_in(column: ColumnSchema, names: Sequence[str]) -> bool:
    return column.name.casefold() in map(str.casefold, names)


def _bound_checks(table: TableSchema, column: ColumnSchema, name: str) -> Iterator[Check]:
    kind, type_name = column.type.kind, column.type.duckdb
    bounds: list[tuple[str, Any, str, str]] = []
    if kind in NUMERIC:
        bounds = [("min_value", column.min_value, ">=", ""), ("max_value", column.max_value, "<=", "")]
    elif kind is Kind.DATE or kind in TIMESTAMPS:
        bounds = [
            ("date_start", column.date_start, ">=", "DATE"),
            ("date_end", column.date_end, "<=", "DATE"),
            ("timestamp_start", column.timestamp_start, ">=", type_name),
            ("timestamp_end", column.timestamp_end, "<=", type_name),
        ]
    elif kind is Kind.TIME:
        bounds = [("time_start", column.time_start, ">=", "TIME"), ("time_end", column.time_end, "<=", "TIME")]
    for bound, value, sign, compared_as in bounds:
        if value is not None:
            if isinstance(value, datetime) and value.tzinfo is not None and kind is not Kind.TIMESTAMPTZ:
                value = value.astimezone(UTC).replace(tzinfo=None)  # as the generator takes it
            subject = f"cast({name} as date)" if compared_as == "DATE" else name
            limit = f"cast('{value}' as {compared_as or type_name})"
            yield expect_none(bound, table, column.name, f"{sign} {value}", f"not {subject} {sign} {limit}")


def _value_checks(table: TableSchema, column: ColumnSchema, name: str) -> Iterator[Check]:
    if column.values is None:
        return
    weights = column.weights or [1.0] * len(column.values)
    default_share = column.effective_default_fraction
    shares: dict[str, float] = {}
    for value, weight in zip(column.values, weights, strict=True):
        allowed = _typed_literal(parse_value(value, column.type), column)
        shares[allowed] = shares.get(allowed, 0.0) + (1 - default_share) * weight / sum(weights)
    if column.default_value is not None:
        shares[_typed_literal(parse_value(column.default_value, column.type), column)] += default_share
    shown = ", ".join(map(str, column.values[:_VALUES_SHOWN]))
    shown += ", ..." if len(column.values) > _VALUES_SHOWN else ""
    yield expect_none("allowed_values", table, column.name, shown, f"{name} not in ({', '.join(shares)})")
    is_free = not table.is_unique(column) and not any(_is_in(column, key) for key in table.composite_keys)
    is_whole = column.null_when is None and column.null_by is None  # which may leave out some values more often
    is_declared = partition_of(table.outcomes, column.name) is not None
    owner = None if column.same_within is None else table.column(column.same_within)
    is_counted = owner is None or not owner.hidden
    if is_free and is_whole and is_counted and not is_declared and not is_shared_by_rows(column.follows):
        yield _weight_check(table, column, shares, owner)


def _weight_check(
    table: TableSchema, column: ColumnSchema, shares: Mapping[str, float], owner: ColumnSchema | None
) -> Check:
    """Return the check of every value's share, of the groups of `owner` if a value is drawn once for each.

    Counts come from a join of the rows to the few values.
    """
    promised = list(shares.values())
    listed = ", ".join(f"({index}, {value})" for index, value in enumerate(shares))
    name = quote(column.name)
    counted_as = f"t.{name}" if owner is None else f"distinct t.{quote(owner.name)}"
    sql = (
        f"select list(found order by index) from (select v.index, count({counted_as}) as found"
        f" from (values {listed}) as v(index, value) left join {stored_name(table)} as t on t.{name} = v.value"
        f" group by v.index)"
    )

    def passes(found: Sequence[int]) -> bool:
        rows = sum(found)
        return all(is_plausible(count, rows, weight) for count, weight in zip(found, promised, strict=True))

    def shown(found: Sequence[int]) -> str:
        rows = sum(found)
        return _join_few([f"{count / rows:.4g}" for count in found] if rows else [])

    expected = _join_few([f"{weight:.4g}" for weight in promised])
    return Check("weights", table, column.name, expected, sql, passes, shown, is_query=True)


def _join_few(texts: Sequence[str]) -> str:
    return " : ".join(texts[:_VALUES_SHOWN]) + (" : ..." if len(texts) > _VALUES_SHOWN else "")


def _default_check(table: TableSchema, column: ColumnSchema, name: str) -> Check:
    """Return the check that a plausible share of the values is the default; the rule may make it as well."""
    fraction = column.effective_default_fraction
    same = f"{name} = {_typed_literal(parse_value(column.default_value, column.type), column)}"
    sql = f"[count(*) filter (where {same}), count({name})]"

    def passes(found: Sequence[int]) -> bool:
        count, rows = found
        return rows == 0 or count / rows >= fraction or is_plausible(count, rows, fraction)

    expected = f"{column.default_value} in at least {fraction:.4g}"
    return Check("default_value", table, column.name, expected, sql, passes, _format_share)


def _closed_time_checks(table: TableSchema, column: ColumnSchema, name: str) -> Iterator[Check]:
    """Yield the checks that no value falls on a weekday or hour of weight 0."""
    days = [index for index, weight in enumerate(column.weekday_weights or ()) if weight == 0]
    if days:
        numbers = ", ".join(str(day + 1) for day in days)
        none_on = f"none on {', '.join(_DAYS[day] for day in days)}"
        yield expect_none("weekday_weights", table, column.name, none_on, f"isodow({name}) in ({numbers})")
    hours = [str(hour) for hour, weight in enumerate(column.hour_weights or ()) if weight == 0]
    if hours:
        listed = ", ".join(hours)
        yield expect_none("hour_weights", table, column.name, f"none at {listed} h", f"hour({name}) in ({listed})")


def _typed_literal(value: Any, column: ColumnSchema) -> str:
    if isinstance(value, bytes):
        return f"from_hex('{value.hex()}')"
    return f"cast({literal(str(value))} as {column.type.duckdb})"


def pattern_regex(pattern: str) -> str:
    """Return the regular expression of a pattern: `#` a digit, `?` a capital letter, a backslash for plain text."""
    symbols = {"#": "[0-9]", "?": "[A-Z]"}
    parts, position = [], 0
    while position < len(pattern):
        symbol = pattern[position]
        if symbol == "\\" and position + 1 < len(pattern):
            position += 1
            parts.append(re.escape(pattern[position]))
        else:
            parts.append(symbols.get(symbol) or re.escape(symbol))
        position += 1
    return "".join(parts)
