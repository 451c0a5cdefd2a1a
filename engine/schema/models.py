"""Models of an experiment's schema: experiment, tables and columns; the modules that they import hold those of parts.

These models define the structure of the JSON (keys and types). Checks across values are in `checks`; reading files
with every fault at once is in `files`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from engine.schema import limits
from engine.schema.conditional import Case, Path, ValuesBy, share_rows
from engine.schema.distribution import Distribution
from engine.schema.events import EventsOf
from engine.schema.fields import (
    Check,
    Comment,
    Fraction,
    KeyColumns,
    Locale,
    Model,
    Name,
    Number,
    Row,
    RuleName,
    Scalar,
    Storable,
    write_exact_decimals,
)
from engine.schema.foreign_keys import CompositeForeignKey, ForeignKey
from engine.schema.latents import Correlation, LatentName, Loadings
from engine.schema.lifecycles import Lifecycle
from engine.schema.outcomes import Outcome
from engine.schema.relations import Batches, FanOut
from engine.schema.rollups import Rollup, Running
from engine.schema.scenarios import Scenario
from engine.schema.time_rules import MAX_SPIKES, Every, Seasonality, Series, Spike, Trend
from engine.schema.types import Kind, WarehouseType, parse_type, with_sizes
from engine.schema.values import parse_value

DEFAULT_ROWS = 1000
DEFAULT_NULL_FRACTION = 0.05
DEFAULT_VALUE_FRACTION = 0.5
SURROGATE_KEY = "_row_id"

Dialect = Literal["redshift", "snowflake", "duckdb"]
PlacePart = Literal[
    "city", "state", "state_code", "postcode", "country", "country_code", "country_code_3", "continent", "latitude",
    "longitude", "currency", "timezone", "phone",
]  # fmt: skip


class Sequence(Model):
    """Values that count: the value of row n, from 0, is start + step * n, as of IDENTITY(start, step)."""

    start: int | float | Annotated[str, Field(max_length=limits.MAX_VALUE), Storable]
    """The value of the first row: a number, or a date, timestamp or time in ISO form."""
    step: Number = Decimal(1)
    """The difference to the next row, not 0: of dates in days, of timestamps and times in seconds."""


class LocaleChoice(Model):
    """A column of the row, or of a parent, whose values decide the locale of a Faker or Mimesis rule."""

    column: Name
    """A column of the table, or foreign_key_column.parent_column."""
    locales: Annotated[dict[Name, Locale], Field(min_length=1, max_length=limits.MAX_LOCALES)]
    """The locale of each value of the column: {"DE": "de_DE", "FR": "fr_FR"}."""
    default: Locale | None = None
    """The locale of all other rows; the experiment's by default."""


class ColumnSchema(Model):
    """One column: its name, type, bounds, and at most one rule for its values."""

    name: Name
    quoted: bool = False
    """True for a name that needs quotes in SQL."""
    data_type: Annotated[str, Field(max_length=limits.MAX_DATA_TYPE), Storable]
    """INT, BIGINT, DECIMAL(12,2), VARCHAR(40), DATE, TIMESTAMP, ... or another type name of Redshift or Snowflake."""
    required: bool = True
    """False allows NULL."""
    is_unique: bool = False
    null_fraction: Fraction | None = None
    """The share of NULLs; 0.05 by default if the column is not required and has neither null_when nor null_by."""
    null_when: Annotated[str, Field(max_length=limits.MAX_EXPRESSION), Storable] | None = None
    """A condition in SQL over the row and its parents, as in expression: where it is true the column is NULL.

    The column's own name in it is its value before any NULL."""
    null_by: Annotated[dict[Path, dict[Case, Fraction]], Field(min_length=1, max_length=1)] | None = None
    """The share of NULLs by the value of another column: {"channel": {"web": 0.1, "null": 1, "*": 0}}."""
    hidden: bool = False
    """True for a helper column: made, and usable in expressions and by other tables, but not stored."""
    comment: Comment | None = None
    default_value: Scalar | None = None
    """A value that a share of the rows has; the others have the value of the column's rule."""
    default_fraction: Fraction | None = None
    """The share of rows with default_value, of those that are not NULL; 0.5 by default."""

    faker_rule: RuleName | None = None
    """A provider method of Faker, such as "first_name"."""
    faker_args: Annotated[dict[Name, Any], Field(max_length=limits.MAX_ARGUMENTS)] | None = None
    """Keyword arguments of the Faker method."""
    locale: Locale | None = None
    """The locale of this column's Faker or Mimesis rule; the experiment's by default."""
    locale_by: LocaleChoice | None = None
    """The locale of each row by another column, in place of locale; columns with the same one agree."""
    mimesis_rule: RuleName | None = None
    """A provider method of Mimesis, such as "person.full_name"."""
    place: PlacePart | None = None
    """A part of a real place. All columns of a row with the same place_of are parts of one place: the postcode is of
    the city, the currency of the country. Without a country among them, all rows are in the locale's country."""
    place_of: Name | None = None
    """Whose place it is, where a row has several: "billing", "shipping"."""
    place_near: Name | None = None
    """Another place_of of the table, in whose city this place is: a dropoff near the pickup."""
    pattern: Annotated[str, Field(max_length=limits.MAX_PATTERN), Storable] | None = None
    """Text in which # is a digit and ? a letter."""
    template: Annotated[str, Field(max_length=limits.MAX_TEMPLATE), Storable] | None = None
    """Text with other columns in braces: "{first_name}.{last_name}@acme.com"."""
    values: Annotated[list[Scalar], Field(min_length=1, max_length=limits.MAX_VALUES)] | None = None
    """The values to choose from."""
    weights: Annotated[list[float], Field(max_length=limits.MAX_VALUES)] | None = None
    """The weight of each value."""
    values_by: ValuesBy | None = None
    """The weights of values by the value of another column: {"channel": {"web": {"paid": 8, "open": 2}, "*": {"paid":
    1}}}; or several columns from one drawn row: {"columns": ["city", "state"], "rows": [["Ulm", "BW"], ...]}."""
    probability: Fraction | None = None
    """The share of true in a BOOLEAN column."""
    distribution: Distribution | None = None
    distribution_by: (
        Annotated[
            dict[Path, Annotated[dict[Case, Distribution], Field(min_length=1, max_length=limits.MAX_LAW_CASES)]],
            Field(min_length=1, max_length=1),
        ]
        | None
    ) = None
    """The distribution by the value of another column: {"channel": {"web": {"type": "normal", ...}, "*": {...}}}."""
    weekday_weights: Annotated[list[float], Field(min_length=7, max_length=7)] | None = None
    """The weights of Monday to Sunday."""
    hour_weights: Annotated[list[float], Field(min_length=24, max_length=24)] | None = None
    """The weights of the hours 0 to 23."""
    trend: Trend | None = None
    seasonality: Seasonality | None = None
    """How many dates or timestamps each month, week, weekday, hour and holiday has: {"month": {"12": 2.5}}."""
    spikes: Annotated[list[Spike], Field(min_length=1, max_length=MAX_SPIKES)] | None = None
    """Days with more or fewer: [{"on": "2024-11-29", "weight": 5}, {"on": "12-24", "to": "12-26", "weight": 0}]."""
    follows: Loadings | None = None
    """The loadings on hidden normals of the row or of a parent: {"wealth": 0.7, "customer_id.wealth": 0.5}."""
    expression: Annotated[str, Field(max_length=limits.MAX_EXPRESSION), Storable] | None = None
    """SQL over other columns of the row, and over a parent's columns as foreign_key_column.parent_column.

    NULL where the SQL returns NULL; a null_fraction adds more."""
    sequence: Sequence | None = None
    """{"start": 1000, "step": 5}: 1000, 1005, 1010, ... in the order of the rows."""
    foreign_key: ForeignKey | None = None
    rollup: Rollup | None = None
    """A number of the rows of another table that reference the row: {"of": "order_items.order_id", "sum": "amount"}."""
    split_of: Annotated[str, Field(max_length=3 * limits.MAX_NAME), Storable] | None = None
    """A number of a parent, as foreign_key_column.parent_column: the rows of each parent share it to the last digit."""
    split_weight: Name | None = None
    """A column of the table, 0 or more: each row's share of split_of follows it."""
    running: Running | None = None
    """The sum of a column over the rows of a parent up to this one: {"sum": "amount", "within": "account_id"}."""
    every: Every | None = None
    """A fixed interval: {"within": "sensor_id", "start": "sensor_id.installed_at", "interval": "15 minutes"}."""
    series: Series | None = None
    """Numbers over time for each parent: {"within": "sensor_id", "level": 20, "walk": 0.5, "noise": 0.1}."""
    line_number_of: Name | None = None
    """A column of a foreign key with a fan-out, or with groups: this column counts 1, 2, 3, ... inside each parent."""
    groups: FanOut | None = None
    """Each value is on min to max rows, next to each other, as the number of an order that has no table of its own."""
    same_within: Name | None = None
    """A column with groups: all rows of a group have this column's value of the first one, also if it is NULL."""
    rising_within: Name | None = None
    """A column with groups, or of a foreign key with a fan-out: values between this column's bounds rise from row to
    row of a group."""

    min_value: Number | None = None
    max_value: Number | None = None
    date_start: date | None = None
    date_end: date | None = None
    timestamp_start: datetime | None = None
    timestamp_end: datetime | None = None
    time_start: time | None = None
    time_end: time | None = None
    varchar_length: Annotated[int, Field(ge=1, le=limits.MAX_TEXT_LENGTH)] | None = None
    char_length: Annotated[int, Field(ge=1, le=limits.MAX_TEXT_LENGTH)] | None = None
    precision: Annotated[int, Field(ge=0, le=limits.MAX_PRECISION)] | None = None
    scale: Annotated[int, Field(ge=0, le=limits.MAX_PRECISION)] | None = None
    suggested: bool = False
    """True for a rule guessed from the column's name, which the user may change."""
    because: Comment | None = None
    """Why the rule was suggested."""

    @cached_property
    def type(self) -> WarehouseType:
        """The type with its sizes; raises `ValueError` for an unknown type."""
        base = parse_type(self.data_type)
        length = self.char_length if self.varchar_length is None else self.varchar_length
        size = self.precision if base.kind is Kind.DECIMAL else length
        if size is None and self.scale is None:
            return base
        given = base.precision if base.kind is Kind.DECIMAL and "(" in self.data_type else None
        return with_sizes(
            base,
            precision_or_length=size if size is not None else given,
            scale=self.scale if base.kind is Kind.DECIMAL else None,
        )

    @cached_property
    def declared_values(self) -> dict[Any, None]:
        """The values of its list, in order, and its default, as Python objects; raises `ValueError` for a wrong one."""
        declared = [*(self.values or ()), *([] if self.default_value is None else [self.default_value])]
        return dict.fromkeys(parse_value(each, self.type) for each in declared)

    @property
    def effective_default_fraction(self) -> float:
        """The share of rows with `default_value`; 0 without one."""
        if self.default_value is None:
            return 0.0
        return DEFAULT_VALUE_FRACTION if self.default_fraction is None else self.default_fraction

    @property
    def effective_null_fraction(self) -> float:
        """The share of NULLs in generated data."""
        key = self.foreign_key
        default = DEFAULT_NULL_FRACTION if self.null_when is None and self.null_by is None else 0.0
        if key is not None and (key.nullable or key.null_fraction is not None):
            share = key.null_fraction if key.null_fraction is not None else self.null_fraction
            return default if share is None else share
        if self.required or (key is not None and key.nullable is False):
            return 0.0
        if (
            any(
                rule is not None
                for rule in (self.expression, self.rollup, self.split_of, self.running, self.every, self.series)
            )
            and self.null_fraction is None
        ):
            return 0.0
        return default if self.null_fraction is None else self.null_fraction

    @property
    def has_null_condition(self) -> bool:
        """Whether other columns decide where it is NULL."""
        return self.null_when is not None or self.null_by is not None

    @property
    def is_nullable(self) -> bool:
        """Whether the loaded column may contain NULL."""
        key = self.foreign_key
        if key is not None and key.nullable is None and key.null_fraction:
            return True
        return not self.required or (key is not None and bool(key.nullable))


class IdentityDict(dict[str, Any]):
    """A dict that equals only itself: pydantic compares the cached values of models first."""

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other


class TableSchema(Model):
    """One table: its columns, keys and number of rows."""

    name: Name
    schema_name: Name | None = None
    """The table's schema in the warehouse."""
    quoted: bool = False
    target_rows: Annotated[int, Field(ge=0, le=limits.MAX_ROWS)] | None = None
    """The number of rows; by default the number of given rows, from the fan-out of a foreign key, equal to the parents
    of a one-to-one key, or 1000."""
    batches: Batches = Field(default_factory=list)
    """The number of rows after each earlier batch, oldest first: [10000, 10100]; target_rows is that after the last. A
    row references only parents of its own and earlier batches, so that appended rows change no earlier row."""
    grows: bool = False
    """Whether runs remember the batches: with the seed of the last completed run and more rows, that run's rows are an
    earlier batch of every table, so that none of them changes. One table of the schema with it is enough."""
    columns: Annotated[list[ColumnSchema], Field(min_length=1, max_length=limits.MAX_COLUMNS)]
    primary_key: KeyColumns = Field(default_factory=list)
    """One unique column, or several that are also one of the composite_keys."""
    composite_keys: Annotated[list[KeyColumns], Field(max_length=limits.MAX_KEYS)] = Field(default_factory=list)
    """Groups of columns, each unique as a tuple."""
    checks: Annotated[list[Check], Field(max_length=limits.MAX_KEYS)] = Field(default_factory=list)
    """Conditions that every row meets, as SQL in the dialect of the schema: "qty between 1 and 10". The audit proves
    them; the rules of the columns must keep them."""
    foreign_keys: Annotated[list[CompositeForeignKey], Field(max_length=limits.MAX_KEYS)] = Field(default_factory=list)
    rows: Annotated[list[Row], BeforeValidator(write_exact_decimals), Field(max_length=limits.MAX_GIVEN_ROWS)] = Field(
        default_factory=list
    )
    """The first rows of the table, in order: [1, "OPEN", false] in column order, or {"id": 1, "code": "OPEN"}, which
    may leave out columns that their rules fill. null is NULL. Further rows never repeat a given key."""
    rows_file: Annotated[str, Field(max_length=limits.MAX_NAME), Storable] | None = None
    """A CSV or Parquet file with the first rows, beside the schema file; read with it and stored as rows."""
    latents: Annotated[list[LatentName], Field(max_length=limits.MAX_KEY_COLUMNS)] = Field(default_factory=list)
    """Hidden standard normals of each row, which its columns and those of its children can follow."""
    correlation: Correlation | None = None
    """Rank correlations of columns of a row: {"columns": ["income", "spent"], "matrix": [[1, 0.6], [0.6, 1]]}."""
    outcomes: Annotated[list[Outcome], Field(max_length=limits.MAX_KEY_COLUMNS)] = Field(default_factory=list)
    """What columns add up to, and how many rows there are, in each period or group: [{"per": "month", "of":
    "ordered_at", "sum": "amount", "targets": {"2024-01": 180000, "2024-02": 195000}}]."""
    lifecycle: Lifecycle | None = None
    """The states through which rows go: {"states": ["new", "paid", "shipped"]} makes the columns status, paid_at and
    shipped_at from new_at."""
    events_of: EventsOf | None = None
    """The life cycle of another table whose steps are the rows of this one: {"of": "order_id.status", "state": "state",
    "at": "changed_at"}. The number of rows follows from it."""
    scenarios: Annotated[list[Scenario], Field(max_length=limits.MAX_SCENARIOS)] = Field(default_factory=list)
    """Rows whose columns take given values together, so that a query finds them: {"name": "late payers", "share": 0.01,
    "values": {"status": "open"}}. Keys reference the rows of the parent's scenario of the same name."""
    comment: Comment | None = None
    because: Comment | None = None
    """Why this number of rows was suggested."""
    warnings: Annotated[list[Comment], Field(max_length=limits.MAX_WARNINGS)] = Field(default_factory=list)

    _share_rows = model_validator(mode="before")(share_rows)

    @model_validator(mode="before")
    @classmethod
    def _add_primary_key_to_composite_keys(cls, data: Any) -> Any:
        """Add a primary key of several columns to the composite keys."""
        primary = data.get("primary_key") if isinstance(data, dict) else None
        if not isinstance(primary, list) or len(primary) < 2:
            return data
        groups = data.get("composite_keys", [])
        if not isinstance(groups, list) or any(_is_same_key(primary, group) for group in groups):
            return data
        return {**data, "composite_keys": [primary, *groups]}

    @property
    def key(self) -> str:
        """The unique name in the experiment: `schema.table`, or `table` without a schema."""
        return f"{self.schema_name}.{self.name}" if self.schema_name else self.name

    def column(self, name: str) -> ColumnSchema:
        """Return the column of that name regardless of case; raises `KeyError` when there is none."""
        try:
            return self._columns_by_name[name.casefold()]
        except KeyError:
            raise KeyError(name) from None

    @cached_property
    def _columns_by_name(self) -> dict[str, ColumnSchema]:
        return {column.name.casefold(): column for column in reversed(self.columns)}

    def is_unique(self, column: ColumnSchema) -> bool:
        """Return whether the column is unique: declared so, or the only column of the primary key."""
        if column.is_unique:
            return True
        return [name.casefold() for name in self.primary_key] == [column.name.casefold()]

    @cached_property
    def given_columns(self) -> IdentityDict:
        """The given rows by column, as `given_rows.given_column` has read them so far."""
        return IdentityDict()

    @property
    def unique_columns(self) -> list[str]:
        """The names of the unique columns."""
        return [column.name for column in self.columns if self.is_unique(column)]


def _is_same_key(first: list[Any], second: Any) -> bool:
    folded = ({str(name).casefold() for name in key} for key in (first, second) if isinstance(key, list))
    return isinstance(second, list) and next(folded) == next(folded)


class ExperimentSchema(Model):
    """The whole schema of an experiment, as in its JSON file."""

    name: Name
    description: Comment = ""
    locale: Locale = "en_US"
    dialect: Dialect | None = None
    """The dialect of the script the schema was imported from."""
    tables: Annotated[list[TableSchema], Field(min_length=1, max_length=limits.MAX_TABLES)]

    def table(self, name: str, *, within: str | None = None) -> TableSchema:
        """Return the table `name` (`table` or `schema.table`, regardless of case).

        A bare name refers to the table of the schema `within` if it exists, else the only table of that name. Raises
        `KeyError` when there is none, or when several schemas have one.
        """
        folded = name.casefold()
        if folded in self._tables_by_key:
            return self._tables_by_key[folded]
        named = self._tables_by_name.get(folded, [])
        same_schema = [table for table in named if within and table.schema_name == within]
        if len(same_schema or named) != 1:
            raise KeyError(name)
        return (same_schema or named)[0]

    @cached_property
    def has_batches(self) -> bool:
        """Whether a table grows in batches."""
        return any(table.batches for table in self.tables)

    @cached_property
    def _tables_by_key(self) -> dict[str, TableSchema]:
        return {table.key.casefold(): table for table in reversed(self.tables)}

    @cached_property
    def _tables_by_name(self) -> dict[str, list[TableSchema]]:
        found: dict[str, list[TableSchema]] = {}
        for table in self.tables:
            found.setdefault(table.name.casefold(), []).append(table)
        return found

    @property
    def warnings(self) -> list[str]:
        """The warnings of all tables, in table order."""
        return list(self._iterate_warnings())

    def _iterate_warnings(self) -> Iterator[str]:
        for table in self.tables:
            yield from table.warnings
