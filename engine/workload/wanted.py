"""What a predicate wants of the base column's own values: exact values, LIKE patterns or bounds.

The functions around the column are undone from the outside in: `substr(zip, 1, 5) = '12345'` wants a zip like
`12345%`, `extract(year from d) = 1998` a day of 1998. What cannot be undone wants nothing.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import cast

from engine.schema.models import ColumnSchema, ExperimentSchema
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind
from engine.workload.records import LiteralValue, Predicate, Step

Bound = Decimal | date | datetime
_FIRST_YEAR, _LAST_YEAR = 1800, 2200
_TRUNCATED = {"year": 12, "quarter": 3, "month": 1}
_KEPT = frozenset(
    "upper lower trim ltrim rtrim cast abs round floor ceil date coalesce nvl ifnull to_date trycast tonumber".split()
)


@dataclass(frozen=True)
class Wanted:
    """What one predicate wants of a column: one of `values`, a text like one of `patterns`, or a value in a range."""

    table: str
    column: str
    sources: tuple[tuple[str, int], ...]
    """The statements and lines that want it."""
    values: tuple[LiteralValue, ...] = ()
    patterns: tuple[str, ...] = ()
    low: Bound | None = None
    """Inclusive, as `high`; None for no bound."""
    high: Bound | None = None
    key: tuple[str, int] = ("", 0)
    """The statement and the number of the occurrence of the table in it."""
    is_alternative: bool = False

    @property
    def is_two_sided(self) -> bool:
        """Whether both bounds are known, or the values themselves."""
        return bool(self.values or self.patterns) or (self.low is not None and self.high is not None)


def wanted_of(schema: ExperimentSchema, predicates: Iterable[Predicate]) -> list[Wanted]:
    """Return what predicates want, those that bound one column of one row from both sides as one range."""
    found: list[Wanted] = []
    for predicate in predicates:
        if predicate.is_aggregated or predicate.is_negated or predicate.operator.startswith(("not", "<>", "is")):
            continue
        try:
            column = schema.table(predicate.table).column(predicate.column)
        except KeyError:
            continue
        wanted = _wanted(column, predicate)
        if wanted is not None:
            found.append(wanted)
    return [*_join_bounds(found), *_join_patterns(found)]


def _join_patterns(found: Sequence[Wanted]) -> list[Wanted]:
    """Return what several patterns want of one text together, an alternative only with those that always hold."""
    joined: list[Wanted] = []
    places: dict[tuple[str, str, str, int], list[Wanted]] = {}
    for wanted in found:
        if wanted.patterns:
            places.setdefault((wanted.table, wanted.column, *wanted.key), []).append(wanted)
    for every in places.values():
        fixed = [each for each in every if not each.is_alternative and len(each.patterns) == 1]
        texts = [each.patterns[0] for each in fixed]
        others = [text for each in every if each not in fixed for text in each.patterns]
        sets = [[*texts, other] for other in others] or [texts]
        patterns = [pattern for each in sets if (pattern := _in_turn(each)) is not None]
        if fixed and patterns and len(texts) + bool(others) > 1:
            sources = tuple(dict.fromkeys(source for each in every for source in each.sources))
            joined.append(replace(fixed[0], patterns=tuple(dict.fromkeys(patterns)), sources=sources))
    return joined


def _in_turn(patterns: Sequence[str]) -> str | None:
    """Return a pattern whose texts match all of some patterns; None if they do not follow one another."""
    every = sorted(patterns, key=lambda each: (each.startswith("%"), not each.endswith("%")))
    if not every:
        return None
    joined = every[0]
    for each in every[1:]:
        if not (joined.endswith("%") and each.startswith("%")) or joined.endswith("\\%"):
            return None
        joined += each[1:]
    return joined


def _join_bounds(found: list[Wanted]) -> list[Wanted]:
    joined: dict[tuple[str, str, str, int], Wanted] = {}
    others: list[Wanted] = []
    for wanted in found:
        place = (wanted.table, wanted.column, *wanted.key)
        before = joined.get(place)
        if wanted.is_alternative or wanted.values or wanted.patterns:
            others.append(wanted)
        elif before is None:
            joined[place] = wanted
        else:
            lows = [bound for bound in (before.low, wanted.low) if bound is not None]
            highs = [bound for bound in (before.high, wanted.high) if bound is not None]
            low = max(lows, default=None)
            high = min(highs, default=None)
            if low is not None and high is not None and low > high:  # type: ignore[operator]
                others.append(wanted)
            else:
                joined[place] = replace(before, low=low, high=high, sources=(*before.sources, *wanted.sources))
    return [*others, *joined.values()]


def _wanted(column: ColumnSchema, predicate: Predicate) -> Wanted | None:
    empty = Wanted(
        predicate.table,
        column.name,
        ((predicate.statement, predicate.line),),
        key=(predicate.statement, predicate.group),
        is_alternative=predicate.is_alternative,
    )
    kind = column.type.kind
    try:
        if kind is Kind.TEXT:
            return _wanted_text(empty, predicate)
        if kind in NUMERIC:
            return _wanted_number(empty, column, predicate)
        if kind is Kind.DATE or kind in TIMESTAMPS:
            return _wanted_moment(empty, column, predicate)
        if kind is Kind.BOOLEAN and predicate.operator in ("=", "in") and not predicate.path:
            values = tuple(value for value in predicate.values if isinstance(value, bool))
            return replace(empty, values=values) if values else None
    except (ValueError, InvalidOperation, OverflowError, IndexError, TypeError):
        return None
    return None


def escape_like(text: str) -> str:
    """Return a LIKE pattern that only the text matches."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _wanted_text(empty: Wanted, predicate: Predicate) -> Wanted | None:
    texts = [value if isinstance(value, str) else str(value) for value in predicate.values]
    operator = predicate.operator
    if operator in ("=", "in"):
        patterns = [escape_like(text) for text in texts]
    elif operator in ("like", "ilike"):
        patterns = texts
    elif operator in ("between", ">=", "<=") and not predicate.path:
        return replace(empty, values=(texts[0],))
    elif operator in ("<", ">") and not predicate.path:
        return replace(empty, values=(_text_beside(texts[0], is_above=operator == ">"),))
    elif operator in ("<", "<=", ">", ">=", "between") and _is_number_of_text(predicate.path):
        number = _to_number(predicate.values[0])
        patterns = [str(number - 1 if operator in ("<", "<=") else number + (operator == ">"))]
    else:
        return None
    for step in reversed(predicate.path):
        undone = [_undo_text(step, pattern) for pattern in patterns]
        patterns = [pattern for pattern in undone if pattern is not None]
    exact = [_exact(pattern) for pattern in patterns]
    if patterns and all(text is not None for text in exact):
        return replace(empty, values=tuple(cast(list[str], exact)))
    return replace(empty, patterns=tuple(patterns)) if patterns else None


def _is_number_of_text(path: Sequence[Step]) -> bool:
    """Return whether a text is compared as a number: `split_part(version, '.', 1)::int >= 7`."""
    return any(step.name in ("cast", "trycast", "tonumber", "to_number", "try_to_number") for step in path)


def _text_beside(text: str, *, is_above: bool) -> str:
    """Return a text that is sorted after one, or before it: a number for a number, where there is one."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return f"{text}a" if is_above else text[:-1]
    made = [str(number + 1), f"{text}1"] if is_above else [str(number - 1), text[:-1]]
    return next((each for each in made if (each > text) == is_above), made[-1])


def _exact(pattern: str) -> str | None:
    """Return the only text that a pattern matches, or None when there are more."""
    text, is_escaped = "", False
    for character in pattern:
        if not is_escaped and character in "%_":
            return None
        if character == "\\" and not is_escaped:
            is_escaped = True
            continue
        text, is_escaped = text + character, False
    return text


def _undo_text(step: Step, pattern: str) -> str | None:
    match step.name:
        case name if name in _KEPT:
            return pattern
        case "left":
            return f"{pattern}%"
        case "right":
            return f"%{pattern}"
        case "substring" | "substr":
            start = int(cast(int, step.arguments[0]))
            end = "%" if len(step.arguments) > 1 else ""
            return "_" * (start - 1) + pattern + end if start > 0 else None
        case "split_part" | "splitpart":
            separator, number = escape_like(str(step.arguments[0])), int(cast(int, step.arguments[1]))
            return f"{pattern}{separator}%" if number == 1 else f"%{separator}" * (number - 1) + pattern
        case "concat":
            before, after = (escape_like(str(part or "")) for part in step.arguments[:2])
            if pattern.startswith(before) and pattern.endswith(after) and len(pattern) >= len(before) + len(after):
                return pattern[len(before) : len(pattern) - len(after)]
    return None


def _wanted_number(empty: Wanted, column: ColumnSchema, predicate: Predicate) -> Wanted | None:
    numbers = [_to_number(value) for value in predicate.values]
    for step in reversed(predicate.path):
        match step.name:
            case name if name in _KEPT:
                continue
            case "add":
                numbers = [number - _to_number(step.arguments[0]) for number in numbers]
            case "multiply":
                factor = _to_number(step.arguments[0])
                if factor <= 0:
                    return None
                numbers = [number / factor for number in numbers]
            case "divide":
                factor = _to_number(step.arguments[0])
                if factor <= 0:
                    return None
                numbers = [number * factor for number in numbers]
            case _:
                return None
    unit = Decimal(1).scaleb(-column.type.scale) if column.type.kind is not Kind.FLOAT else Decimal("0.000001")
    if predicate.operator in ("=", "in"):
        fitting = tuple(number for number in numbers if column.type.kind is Kind.FLOAT or number % unit == 0)
        return replace(empty, values=tuple(_plain(column, number) for number in fitting)) if fitting else None
    return _bounded(empty, predicate, numbers[0], numbers[-1], unit, -unit)


def _to_number(value: LiteralValue | None) -> Decimal:
    if isinstance(value, bool) or value is None or isinstance(value, date):
        raise ValueError(value)
    return Decimal(str(value))


def _plain(column: ColumnSchema, number: Decimal) -> LiteralValue:
    return int(number) if column.type.kind is Kind.INTEGER else number


def _bounded(
    empty: Wanted, predicate: Predicate, first: Bound, last: Bound, above: object, below: object
) -> Wanted | None:
    match predicate.operator:
        case "between":
            return replace(empty, low=first, high=last)
        case ">=":
            return replace(empty, low=first)
        case "<=":
            return replace(empty, high=last)
        case ">":
            return replace(empty, low=last + above)  # type: ignore[operator]
        case "<":
            return replace(empty, high=first + below)  # type: ignore[operator]
    return None


def _wanted_moment(empty: Wanted, column: ColumnSchema, predicate: Predicate) -> Wanted | None:
    is_timestamp = column.type.kind in TIMESTAMPS
    unit = timedelta(microseconds=1) if is_timestamp else timedelta(days=1)
    steps = [step for step in predicate.path if step.name not in _KEPT]
    is_day = not is_timestamp or any(step.name in ("cast", "date", "to_date") for step in predicate.path)
    spans: list[tuple[date, date]] = []
    for value in predicate.values:
        if not steps:
            moment = _to_moment(value)
            if not (is_day or isinstance(value, datetime) or (isinstance(value, str) and len(value) > 10)):
                spans.append((moment, moment + timedelta(days=1) if predicate.operator in ("=", "in") else moment))
            elif is_day:
                day = moment.date()
                end = datetime.combine(day, datetime.max.time()) if is_timestamp else day
                spans.append((datetime.combine(day, datetime.min.time()) if is_timestamp else day, end))
            else:
                spans.append((moment, moment))
            continue
        span = _undo_moment(steps, value)
        if span is None:
            return None
        first, end = span
        if is_timestamp:
            first, end = datetime.combine(first, datetime.min.time()), datetime.combine(end, datetime.max.time())
        spans.append((first, end))
    if predicate.operator in ("=", "in"):
        return replace(empty, low=min(first for first, _ in spans), high=max(end for _, end in spans))
    first, end = spans[0][0], spans[-1][1]
    if predicate.operator == ">":
        first = spans[0][1]
        return replace(empty, low=first + unit)
    if predicate.operator == "<":
        return replace(empty, high=spans[0][0] - unit)
    return _bounded(empty, predicate, first, end, unit, -unit)


def _to_moment(value: LiteralValue) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, datetime.min.time())
    return datetime.fromisoformat(str(value).strip()).replace(tzinfo=None)


def _undo_moment(steps: list[Step], value: LiteralValue) -> tuple[date, date] | None:
    """Return the days that steps such as `year` or `date_trunc` turn into a value."""
    if len(steps) != 1:
        return None
    step = steps[0]
    if step.name == "year":
        return year_span(int(cast(int, value)))
    if step.name == "date_trunc" and str(step.arguments[0]).lower() in _TRUNCATED:
        first, months = _to_moment(value).date(), _TRUNCATED[str(step.arguments[0]).lower()]
        last = first.month - 1 + months
        return first, date(first.year + last // 12, last % 12 + 1, 1) - timedelta(days=1)
    if step.name == "to_char" and str(step.arguments[0]).upper() in ("YYYY", "YYYYMM", "YYYYMMDD"):
        return days_of_number(int(str(value)))
    if step.name in ("to_char", "timetostr") and str(step.arguments[0]).upper() in ("YYYY-MM", "%Y-%M"):
        return days_of_number(int(str(value).replace("-", "")))
    if step.name == "add" and isinstance(step.arguments[0], int):
        day = (_to_moment(value) - timedelta(days=step.arguments[0])).date()
        return day, day
    return None


def year_span(year: int) -> tuple[date, date] | None:
    """Return the first and the last day of a year, None for a number that is hardly a year."""
    return (date(year, 1, 1), date(year, 12, 31)) if _FIRST_YEAR <= year <= _LAST_YEAR else None


def days_of_number(number: int) -> tuple[date, date] | None:
    """Return the days of a year 2024, a month 202401 or a day 20240131, None for another number."""
    if number < 10_000:
        return year_span(number)
    if number < 1_000_000:
        year, month = divmod(number, 100)
        if not (1 <= month <= 12 and _FIRST_YEAR <= year <= _LAST_YEAR):
            return None
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    try:
        day = date(number // 10_000, number // 100 % 100, number % 100)
    except ValueError:
        return None
    return (day, day) if _FIRST_YEAR <= day.year <= _LAST_YEAR else None
