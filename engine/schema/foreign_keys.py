"""Foreign keys of one or several columns: the table that they reference, and how the row of a parent is drawn."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.schema import limits
from engine.schema.distribution import Distribution
from engine.schema.fields import Comment, Condition, Fraction, Model, Name, TableName
from engine.schema.relations import FanOut, FanOutWeights, Spread, spread_of


class ForeignKey(Model):
    """A column whose values come from a column of another table, or of the same table (a tree).

    That column is unique, or it repeats (a natural key of a dimension with versions): then any of its rows is meant,
    or one that meets `where`.
    """

    references_table: TableName
    references_column: Name
    nullable: bool | None = None
    """Whether the key may be NULL; by default if the column is not required."""
    null_fraction: Fraction | None = None
    distribution: Distribution | None = None
    """The popularity of parents: uniform by default, {"type": "zipf", "parameters": {"s": 1.1}} for a skewed one."""
    fan_out: FanOut | None = None
    """The minimum and maximum number of rows per parent, inclusive."""
    fan_out_weights: FanOutWeights | None = None
    """The weight of each number of rows per parent, in place of fan_out: {"0": 0.1, "1": 0.5, "2": 0.3, "8": 0.1}."""
    counted: bool = False
    """True to draw parents so that the rows of each are known, as a count or a total of its children needs."""
    unique: bool = False
    """True to use each parent at most once: a one-to-one relation."""
    where: Condition | None = None
    """SQL over the parent's own columns, such as "kind = 'School'": only parents for which it is true are used."""
    root_fraction: Fraction | None = None
    """The share of rows without a parent, for a table that references itself."""
    through: Name | None = None
    """Another foreign key column of the table, whose parent references the same table: each row has that one's parent.
    The person of a measurement with "through": "visit_id" is the visit's person."""
    suggested: bool = False
    """True for a key guessed from names, which the user may remove."""
    because: Comment | None = None
    """Why the key was suggested."""

    @property
    def spread(self) -> Spread | None:
        """The numbers of rows per parent that fan_out or fan_out_weights gives."""
        return spread_of(self.fan_out, self.fan_out_weights)


class CompositeForeignKey(Model):
    """Several columns that together reference a row of a table, by a composite key or by columns that repeat."""

    columns: Annotated[list[Name], Field(min_length=1, max_length=limits.MAX_KEY_COLUMNS)]
    references_table: TableName
    references_columns: Annotated[list[Name], Field(min_length=1, max_length=limits.MAX_KEY_COLUMNS)]
    nullable: bool | None = None
    null_fraction: Fraction | None = None
    distribution: Distribution | None = None
    fan_out: FanOut | None = None
    """The minimum and maximum number of rows per parent, inclusive."""
    fan_out_weights: FanOutWeights | None = None
    """The weight of each number of rows per parent, in place of fan_out: {"0": 0.1, "1": 0.5, "2": 0.3, "8": 0.1}."""
    counted: bool = False
    """True to draw parents so that the rows of each are known, as a count or a total of its children needs."""
    unique: bool = False
    """True to use each parent at most once, such as the return of a sold line."""
    where: Condition | None = None
    """SQL over the parent's own columns: only parents for which it is true are used."""
    suggested: bool = False
    because: Comment | None = None
    """Why the key was suggested."""

    @property
    def spread(self) -> Spread | None:
        """The numbers of rows per parent that fan_out or fan_out_weights gives."""
        return spread_of(self.fan_out, self.fan_out_weights)
