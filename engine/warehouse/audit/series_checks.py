"""Checks of series: what a level, a trend and waves give is computed again in SQL, and what is random lies around it.

Without walk, autoregression and noise, values are equal up to rounding. With them a value lies within eight of their
standard deviations, and noise alone is checked by the share of rows within one. The correlation over time of a walk
and an autoregression is not proved.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from engine.rules.derived.row_sql import row_sql
from engine.rules.relations.series import period_of, start_of_series, wave_knots
from engine.rules.values.timestamps import moment_bounds
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.time_rules import Series, Wave, parse_interval, parse_moment
from engine.schema.types import Kind
from engine.sql.quoting import quote
from engine.warehouse.audit.column_checks import Check, counted, not_proved
from engine.warehouse.audit.shares import is_plausible
from engine.warehouse.loading.layout import stored_name

_REACH = 8.0
_WITHIN_ONE = math.erf(math.sqrt(0.5))
_ROUNDING = 1e-9
_SINE = 5e-6
"""The largest distance of a sine from the lines between its knots."""
_EPOCH_DAY = 86_400_000_000


def series_checks(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> Iterator[Check]:
    """Yield the checks of a column's series."""
    series = column.series
    if series is None:
        return
    shown = f"series within {series.within}"
    level = _number(schema, table, column, series.level)
    time = _time(schema, table, column, series)
    if level is None or time is None:
        reason = f"{series.level} has no SQL" if level is None else "the time of a row has no SQL"
        yield not_proved(table, column, shown, reason)
        return
    name = f"cast(t.{quote(column.name)} as double)"
    ticks, steps = time
    expected = f"{level} + {series.trend!r}::double * {steps}"
    for wave in series.waves:
        expected += f" + {_wave_sql(wave, ticks)}"
    for bound, function in ((column.min_value, "greatest"), (column.max_value, "least")):
        if bound is not None:
            expected = f"{function}({expected}, {bound}::double)"
    variance = series.noise**2 + (0.0 if series.ar is None else series.ar.stddev**2)
    spread = f"{variance!r}::double"
    if series.walk:
        spread = f"({spread} + {series.walk**2!r}::double * greatest({steps}, 0))"
    rounding = _rounding(column, series)
    away = f"abs({name} - ({expected}))"
    wrong = f"{away} > {rounding} + {_REACH}::double * sqrt({spread}) + {_ROUNDING}::double * abs({name})"
    sql = f"select count(*) from {stored_name(table)} as t where {wrong}"
    yield Check("series", table, column.name, shown, sql, lambda found: found == 0, counted, wrong, is_query=True)
    is_free = column.min_value is None and column.max_value is None and rounding < series.noise / 1000
    if series.noise and series.ar is None and not series.walk and is_free:
        yield _noise_check(table, column, series, away)


def _noise_check(table: TableSchema, column: ColumnSchema, series: Series, away: str) -> Check:
    near = f"{away} <= {series.noise!r}::double"
    sql = f"select [count(*) filter (where {near}), count({away})] from {stored_name(table)} as t"

    def passes(found: Sequence[int]) -> bool:
        return is_plausible(found[0], found[1], _WITHIN_ONE)

    def show(found: Sequence[int]) -> str:
        return f"{found[0] / found[1]:.4g}" if found[1] else ""

    shown = f"{_WITHIN_ONE:.4g} within {series.noise:g}"
    return Check("series noise", table, column.name, shown, sql, passes, show, is_query=True)


def _rounding(column: ColumnSchema, series: Series) -> float:
    """Return how far a value may be from what SQL computes: half of a last digit, and the lines of a sine."""
    digits = 0.0 if column.type.kind is Kind.FLOAT else 0.51 * 10.0**-column.type.scale
    if column.type.kind is Kind.FLOAT and column.type.bits == 32:
        digits = 1e-6 * (1 + sum(abs(wave.amplitude or 0.0) for wave in series.waves))
    return digits + sum(_SINE * abs(wave.amplitude or 0.0) for wave in series.waves) + _ROUNDING


def _number(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, level: float | str) -> str | None:
    if isinstance(level, float | int):
        return f"{float(level)!r}::double"
    found = row_sql(schema, table, column, level, stored_name)
    return None if found is None else f"cast(({found.sql}) as double)"


def _time(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, series: Series) -> tuple[str, str] | None:
    """Return the ticks of a row and its steps since the start, or None where they are not stored."""
    if series.time is None:
        within = series.within.casefold()
        line = next((one for one in table.columns if (one.line_number_of or "").casefold() == within), None)
        if line is None or line.hidden:
            return None
        ticks = f"(t.{quote(line.name)}::bigint - 1)"
        return ticks, ticks
    time = table.column(series.time)
    if time.hidden:
        return None
    ticks = f"epoch_us(cast(t.{quote(time.name)} as timestamp))"
    start = start_of_series(time, series)
    if start is None:
        low = moment_bounds(time)[0] * (_EPOCH_DAY if time.type.kind is Kind.DATE else 1)
        first = str(low)
    else:
        moment = parse_moment(start)
        found = None if moment is not None else row_sql(schema, table, column, start, stored_name)
        if moment is None and found is None:
            return None
        shown = f"timestamp '{moment}'" if found is None else f"({found.sql})"
        kind = "date" if time.type.kind is Kind.DATE else "timestamp"
        first = f"epoch_us(cast(cast({shown} as {kind}) as timestamp))"
    step = (parse_interval(series.step or "") or 1) * 1_000_000
    return ticks, f"(({ticks} - {first})::double / {step})"


def _wave_sql(wave: Wave, ticks: str) -> str:
    period = period_of(wave)
    place = f"((({ticks}) % {period} + {period}) % {period})"
    if wave.values is None:
        angle = f"2 * pi() * ({place}::double / {period} - {wave.peak!r}::double)"
        return f"{float(wave.amplitude or 0.0)!r}::double * cos({angle})"
    knots = ", ".join(repr(float(knot)) for knot in wave_knots(wave))
    size = len(wave.values)
    index = f"({place} * {size} // {period})"
    share = f"({place}::double * {size} / {period} - {index})"
    listed = f"cast([{knots}] as double[])"
    first, second = (f"list_extract({listed}, {index} + {place})" for place in (1, 2))
    return f"({first} + ({second} - {first}) * {share})"
