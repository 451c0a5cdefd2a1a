"""Scenarios of a table: rows at places computed from the row number, whose columns take given values together.

So a query that asks for such a combination finds rows. A foreign key of a scenario's row references a row of the
parent's scenario, or a row by its number. Where the rows lie is decided in `rules/scenarios`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.schema import limits
from engine.schema.fields import Comment, Model, Name, Storable


class ScenarioParent(Model):
    """The parent of a scenario's row: one of the rows of a scenario of the parent's table, in turn."""

    scenario: Annotated[Name, Field(min_length=1)]


class RowParent(Model):
    """The parent of a scenario's row: the row of this number, from 0, of the parent's table."""

    row: Annotated[int, Field(ge=0, lt=limits.MAX_ROWS)]


PlacedParent = ScenarioParent | RowParent
PlacedValue = bool | int | float | Annotated[str, Field(max_length=limits.MAX_VALUE), Storable] | PlacedParent | None


class Scenario(Model):
    """Rows whose columns take given values together: "late payers" in 1 % of the orders.

    It has a `share`, a number of `rows` or both, or its rows are those of the parents of a scenario (`within`). The
    first rows of the table have one of its rows already.
    """

    name: Annotated[Name, Field(min_length=1)]
    """Foreign keys reference the rows of the parent's scenario of the same name, unless `values` says another."""
    share: Annotated[float, Field(gt=0, le=limits.MAX_SCENARIO_SHARE)] | None = None
    """The share of the table's rows."""
    rows: Annotated[int, Field(ge=1, le=limits.MAX_ROWS)] | None = None
    """The most rows of it, whatever the size of the table."""
    within: Name | None = None
    """A foreign key column: the rows are those whose parent is a row of the parent's scenario of the same name."""
    values: Annotated[dict[Name, PlacedValue], Field(max_length=limits.MAX_COLUMNS)] = Field(default_factory=dict)
    """The values by column: {"status": "open", "paid_at": null, "customer_id": {"scenario": "late payers"}}; a foreign
    key references a row of a scenario of the parent, or one by its number from 0: {"row": 42}."""
    serves: Comment | None = None
    """The query, and its line, that finds these rows."""
