"""Roles of result columns in a chart: time, category, measure, step, key, or other (not drawn).

A key identifies rows and is not a quantity: the sum of `order_id` is meaningless. Keys are recognised by name, as a
query result has no schema; so are date parts (`year`), which are axis steps, and rates, whose sum is meaningless.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import polars as pl

Role = Literal["time", "category", "measure", "step", "key", "other"]

MAX_BARS = 30
MAX_COLOURS = 6
_SEQUENCE_FROM_ROWS = 20
_CATEGORIES = (pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Time)
_SUFFIX = re.compile(r"_\d+$")  # of a repeated header
_KEY = re.compile(r"(^|_)(id|key|uuid|guid|sk|pk|fk)$|[a-z]I[dD]$|.[kK]ey$")
_NUMBERED = re.compile(r"(^|_)(zip|zip_code|postal_code|phone|fax)$|_(no|nr|num|number|code|by)$")
_STEP = re.compile(r"(^|_)(year|quarter|month|week|weekday|day|dow|doy|hour|minute)(_(no|nr|num|number|of_\w+))?$")
_PLACE = re.compile(r"(^|_)(lat|latitude|lon|lng|long|longitude)$")
_RATE = re.compile(
    r"(^|_)(avg|average|mean|median|rate|rates|ratio|rating|score|share|percent|percentage|pct|fraction|age|temperature|"
    r"price|discount|min|max|least|greatest|probability|per_\w+)($|_)"
)


@dataclass(frozen=True, eq=False)
class ChartColumn:
    """A column with values, and its role in a chart."""

    values: pl.Series

    @property
    def name(self) -> str:
        """The header."""
        return self.values.name

    @cached_property
    def distinct(self) -> int:
        """The number of distinct values, NULL included."""
        return self.values.n_unique()

    @property
    def is_unique(self) -> bool:
        """Whether no value is repeated."""
        return self.distinct == len(self.values)

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers, in any role."""
        return self.values.dtype.is_numeric()

    @property
    def is_rate(self) -> bool:
        """Whether its mean is more meaningful than its sum."""
        return bool(_RATE.search(self._word))

    @cached_property
    def is_sequence(self) -> bool:
        """Whether it only numbers the rows: unique whole numbers with few gaps."""
        return len(self.values) >= _SEQUENCE_FROM_ROWS and self._is_run

    @cached_property
    def role(self) -> Role:
        """The role in a chart."""
        dtype, word = self.values.dtype, self._word
        if isinstance(dtype, pl.Date | pl.Datetime):
            return "time"
        if self.is_number:
            if _KEY.search(word) or _NUMBERED.search(word):
                return "key"
            if _PLACE.search(word):
                return "other"
            return "step" if dtype.is_integer() and _STEP.search(word) else "measure"
        if isinstance(dtype, _CATEGORIES):
            return "key" if _KEY.search(word) else "category"
        return "other"

    @cached_property
    def is_scale(self) -> bool:
        """Whether it holds few consecutive numbers, each once: grouped ratings, sizes or hours."""
        return 1 < len(self.values) <= MAX_BARS and self._is_run

    @cached_property
    def _is_run(self) -> bool:
        if not self.values.dtype.is_integer() or self.values.null_count() or not self.is_unique:
            return False
        low, high = self.values.min(), self.values.max()
        assert isinstance(low, int) and isinstance(high, int)
        return high - low < 2 * len(self.values)

    @property
    def is_repeated(self) -> bool:
        """Whether each value occurs twice or more on average."""
        return self.distinct <= len(self.values) / 2

    @property
    def is_often_repeated(self) -> bool:
        """Whether each value occurs three times or more on average, so that counts are meaningful."""
        return 1 < self.distinct <= len(self.values) / 3

    @property
    def _word(self) -> str:
        name = _SUFFIX.sub("", self.name)
        return name.lower() if name.isupper() or "_" in name else name[:1].lower() + name[1:]


def chart_columns(frame: pl.DataFrame) -> list[ChartColumn]:
    """Return the columns of a frame that hold any value, in order."""
    return [ChartColumn(column) for column in frame.iter_columns() if column.count()]


def with_role(columns: list[ChartColumn], *roles: Role) -> Iterator[ChartColumn]:
    """Yield the columns of these roles, in order."""
    return (column for column in columns if column.role in roles)


def repeats(x: ChartColumn, color: ChartColumn | None) -> bool:
    """Return whether several rows share one x (and colour, if any)."""
    if color is None:
        return not x.is_unique
    return pl.DataFrame({"x": x.values, "c": color.values}).n_unique() < len(x.values)
