"""Models of columns that follow from the rows of another table: roll-ups of a parent's rows, shares, running totals."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from engine.schema import limits
from engine.schema.fields import Condition, Model, Name, Storable

_Path = Annotated[str, Field(max_length=3 * limits.MAX_NAME + 2), Storable]

AGGREGATES = ("sum", "count", "min", "max", "avg", "count_distinct", "any", "all")
"""The keys of a roll-up of which it has one."""
OF_COLUMNS = ("sum", "min", "max", "avg", "count_distinct")
"""The aggregates whose value is the name of a column."""
OF_CONDITIONS = ("any", "all")
"""The aggregates whose value is a condition."""


class Rollup(Model):
    """A number of the rows of another table that reference the row: their sum, count, min, max or average.

    NULLs are left out, as SQL does. Without rows, sum and counts are 0, any is false, all is true, and min, max and
    avg are NULL.
    """

    of: _Path
    """The other table and its foreign key column: "order_items.order_id". The key has a fan_out, or is counted."""
    sum: Name | None = None
    """The column of the other table whose sum it is."""
    count: Literal[True] | None = None
    """True for the number of rows."""
    min: Name | None = None
    max: Name | None = None
    avg: Name | None = None
    """The column whose average it is: the exact one, rounded half away from zero to the scale of this column."""
    count_distinct: Name | None = None
    """The column whose different values are counted."""
    any: Condition | None = None
    """A condition over the row of the other table and its parents: true if it is true for a row."""
    all: Condition | None = None
    """A condition: true if it is true for each row; not if it is NULL for one."""
    where: Condition | None = None
    """A condition over the row of the other table and its parents: only rows for which it is true are read."""

    @property
    def aggregates(self) -> list[str]:
        """The aggregates that are given; a roll-up without problems has one."""
        return [name for name in AGGREGATES if getattr(self, name) is not None]

    @property
    def aggregate(self) -> str:
        """The aggregate of a roll-up without problems."""
        return self.aggregates[0]

    @property
    def column(self) -> str:
        """The column of the other table that is aggregated; empty for counts of rows and conditions."""
        return str(getattr(self, self.aggregate)) if self.aggregate in OF_COLUMNS else ""

    @property
    def conditions(self) -> list[str]:
        """The conditions over the other table's rows."""
        found = (self.where, self.any, self.all)
        return [text for text in found if text is not None]

    @property
    def source(self) -> tuple[str, str]:
        """The table and the foreign key column that `of` names; the table may be `schema.table`."""
        table, _, column = self.of.rpartition(".")
        return table, column

    def __str__(self) -> str:
        what = "rows" if self.aggregate == "count" else str(getattr(self, self.aggregate))
        condition = "" if self.where is None else f", where {self.where}"
        return f"{self.aggregate} of {what} by {self.of}{condition}"


class Running(Model):
    """A running total: the sum of a column over the rows of a parent, from its first line to this row."""

    sum: Name
    """The column of the table that is added up; NULL counts as 0."""
    within: Name
    """The foreign key column whose parents have a total each; it has a fan_out, or is counted."""
    start: _Path | None = None
    """The number from which it starts, as foreign_key_column.parent_column: "account_id.opening_balance"."""

    def __str__(self) -> str:
        start = "" if self.start is None else f", from {self.start}"
        return f"sum of {self.sum} within {self.within}{start}"
