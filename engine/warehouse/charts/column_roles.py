"""What each column of a result is to a chart: a time, a category, a measure, a step, a key, or nothing that is drawn.

A key tells rows apart and is no quantity: nobody wants the sum of `order_id`. It is known by its name, as the result
of a query has no schema; so are the parts of a date (`year`), which are steps of an axis, and rates, whose sum means
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import polars as pl

Role = Literal["time", "category", "measure", "step", "key", "other"]

GREATEST_BARS = 30
GREATEST_COLOURS = 6
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
    """A column that has values, with its role in a chart."""

    values: pl.Series

    @property
    def name(self) -> str:
        """Its header."""
        return self.values.name

    @cached_property
    def distinct(self) -> int:
        """The number of its distinct values; NULL is one."""
        return self.values.n_unique()

    @property
    def is_unique(self) -> bool:
        """Whether no value comes twice."""
        return self.distinct == len(self.values)

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers, of whatever role."""
        return self.values.dtype.is_numeric()

    @property
    def is_rate(self) -> bool:
        """Whether its mean says more than its sum."""
        return bool(_RATE.search(self._word))

    @cached_property
    def is_sequence(self) -> bool:
        """Whether it only counts the rows: whole numbers of which each comes once and hardly one is left out."""
        return len(self.values) >= _SEQUENCE_FROM_ROWS and self._is_run

    @cached_property
    def role(self) -> Role:
        """What it is to a chart."""
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
        """Whether its numbers are few and follow each other, each once: ratings, sizes, hours that were counted."""
        return 1 < len(self.values) <= GREATEST_BARS and self._is_run

    @cached_property
    def _is_run(self) -> bool:
        if not self.values.dtype.is_integer() or self.values.null_count() or not self.is_unique:
            return False
        least, greatest = self.values.min(), self.values.max()
        assert isinstance(least, int) and isinstance(greatest, int)
        return greatest - least < 2 * len(self.values)

    @property
    def is_repeated(self) -> bool:
        """Whether its values come twice each, or more."""
        return self.distinct <= len(self.values) / 2

    @property
    def is_often_repeated(self) -> bool:
        """Whether its values come three times each or more, so that the most frequent ones say something."""
        return 1 < self.distinct <= len(self.values) / 3

    @property
    def _word(self) -> str:
        name = _SUFFIX.sub("", self.name)
        return name.lower() if name.isupper() or "_" in name else name[:1].lower() + name[1:]


def chart_columns(frame: pl.DataFrame) -> list[ChartColumn]:
    """Return the columns of a frame that hold anything, in their order."""
    return [ChartColumn(column) for column in frame.iter_columns() if column.count()]


def of_role(columns: list[ChartColumn], *roles: Role) -> Iterator[ChartColumn]:
    """Yield the columns of these roles, in their order."""
    return (column for column in columns if column.role in roles)


def repeats(x: ChartColumn, color: ChartColumn | None) -> bool:
    """Whether several rows fall on one x, of one colour if there are colours."""
    if color is None:
        return not x.is_unique
    return pl.DataFrame({"x": x.values, "c": color.values}).n_unique() < len(x.values)
