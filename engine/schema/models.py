"""Models of an experiment's schema: experiment, tables, columns and their rules.

These models define the structure of the JSON (keys and types). Checks across values are in `checks`; reading files
with every fault at once is in `files`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from engine.schema import limits
from engine.schema.types import Kind, WarehouseType, parse_type, with_sizes

DEFAULT_ROWS = 1000
DEFAULT_NULL_FRACTION = 0.05
DEFAULT_VALUE_FRACTION = 0.5
SURROGATE_KEY = "_row_id"

Dialect = Literal["redshift", "snowflake", "duckdb"]
Fraction = Annotated[float, Field(ge=0, le=1)]


def _serialize_number(value: Decimal) -> int | float | str:
    """Return a decimal as a JSON number if that is lossless, else as text."""
    if value == value.to_integral_value():
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else str(value)


def _reject_huge_number(value: Any) -> Any:
    """Reject a number that is too large to compute with, also as text."""
    fault = limits.number_fault(value)
    if isinstance(value, str) and not fault:
        try:
            fault = limits.number_fault(Decimal(value))
        except InvalidOperation:  # not a number: the type reports it
            fault = ""
    if fault:
        raise PydanticCustomError("limit", "{fault}", {"fault": fault})
    return value


def _write_exact_decimals(rows: Any) -> Any:
    """Return rows in which a decimal that a double cannot hold is a text, as JSON's reader gives fractions exactly."""
    if not isinstance(rows, list):
        return rows
    written: list[Any] = []
    for row in rows:
        if isinstance(row, dict):
            written.append({name: _write_exact(cell) for name, cell in row.items()})
        else:
            written.append([_write_exact(cell) for cell in row] if isinstance(row, list) else row)
    return written


def _write_exact(cell: Any) -> Any:
    return _serialize_number(cell) if isinstance(cell, Decimal) and cell.is_finite() else cell


def _reject_unstorable_text(value: Any) -> Any:
    """Reject a text that cannot be stored."""
    if isinstance(value, str) and (fault := limits.text_fault(value)):
        raise PydanticCustomError("unstorable", "{fault}", {"fault": fault})
    return value


Computable = BeforeValidator(_reject_huge_number)
Storable = BeforeValidator(_reject_unstorable_text)
Number = Annotated[
    Decimal,
    Computable,
    PlainSerializer(_serialize_number, return_type=int | float | str, when_used="json"),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}]}),
]
Scalar = bool | int | float | Annotated[str, Field(max_length=limits.MAX_VALUE)]
Cell = Scalar | None
Row = list[Cell] | dict[str, Cell]
Parameter = Annotated[float, Field(ge=-limits.MAX_PARAMETER, le=limits.MAX_PARAMETER)]
Name = Annotated[str, Field(max_length=limits.MAX_NAME), Storable]
TableName = Annotated[str, Field(max_length=2 * limits.MAX_NAME + 1), Storable]
RuleName = Annotated[str, Field(max_length=limits.MAX_RULE_NAME), Storable]
Locale = Annotated[str, Field(max_length=limits.MAX_LOCALE), Storable]
Comment = Annotated[str, Field(max_length=limits.MAX_COMMENT), Storable]
PlacePart = Literal[
    "city", "state", "state_code", "postcode", "country", "country_code", "country_code_3", "continent", "latitude",
    "longitude", "currency", "timezone", "phone",
]  # fmt: skip
Check = Annotated[str, Field(min_length=1, max_length=limits.MAX_EXPRESSION), Storable]
KeyColumns = Annotated[list[Name], Field(max_length=limits.MAX_KEY_COLUMNS)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with changed fields, without the values cached from the old fields."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


class Distribution(_Model):
    """A probability distribution by name and parameters, truncated to the column's bounds.

    Integers and decimals are rounded to the nearest value of their scale. For dates the numbers are days, for
    timestamps and times seconds after the start of the range; a distribution over 0 to 1 without loc and scale, such
    as beta, is stretched over the range. For the popularity of parents (foreign keys), zipf and other discrete
    ones give the rank of the parent; continuous ones run from 0, the most popular parent, to 1, the least popular.
    """

    type: RuleName
    """uniform, normal, lognormal, exponential, beta, gamma, poisson, zipf, triangular, pareto, weibull, binomial,
    geometric, negative_binomial, student_t, chi_square, laplace, or any continuous or discrete one of scipy.stats."""
    parameters: Annotated[dict[Name, Parameter], Field(max_length=limits.MAX_PARAMETERS)] = Field(default_factory=dict)
    """The parameters by name: uniform min, max; normal mean, stddev; lognormal mean, sigma (of the logarithm);
    exponential lambda or scale; beta alpha, beta; gamma shape (alpha) and scale (beta) or rate; poisson lambda; zipf s;
    triangular min, mode, max; pareto alpha, xm (1 by default); scipy.stats its shapes, loc and scale."""


class Trend(_Model):
    """Growth of the number of events over the range of a date or timestamp column."""

    type: Literal["linear", "exponential"]
    growth: Annotated[float, Field(ge=1 / limits.MAX_GROWTH, le=limits.MAX_GROWTH)]
    """The density at the end of the range divided by the density at its start."""


class Sequence(_Model):
    """Values that count: the value of row n, from 0, is start + step * n, as of IDENTITY(start, step)."""

    start: int | float | Annotated[str, Field(max_length=limits.MAX_VALUE), Storable]
    """The value of the first row: a number, or a date, timestamp or time in ISO form."""
    step: Number = Decimal(1)
    """The difference to the next row, not 0: of dates in days, of timestamps and times in seconds."""


FanOut = tuple[
    Annotated[int, Field(ge=0, le=limits.MAX_FAN_OUT)],
    Annotated[int, Field(ge=1, le=limits.MAX_FAN_OUT)],
]
Condition = Annotated[str, Field(max_length=limits.MAX_EXPRESSION), Storable]


class ForeignKey(_Model):
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


class CompositeForeignKey(_Model):
    """Several columns that together reference a row of a table, by a composite key or by columns that repeat."""

    columns: Annotated[list[Name], Field(min_length=1, max_length=limits.MAX_KEY_COLUMNS)]
    references_table: TableName
    references_columns: Annotated[list[Name], Field(min_length=1, max_length=limits.MAX_KEY_COLUMNS)]
    nullable: bool | None = None
    null_fraction: Fraction | None = None
    distribution: Distribution | None = None
    fan_out: FanOut | None = None
    """The minimum and maximum number of rows per parent, inclusive."""
    unique: bool = False
    """True to use each parent at most once, such as the return of a sold line."""
    where: Condition | None = None
    """SQL over the parent's own columns: only parents for which it is true are used."""
    suggested: bool = False
    because: Comment | None = None
    """Why the key was suggested."""


class LocaleChoice(_Model):
    """A column of the row, or of a parent, whose values decide the locale of a Faker or Mimesis rule."""

    column: Name
    """A column of the table, or foreign_key_column.parent_column."""
    locales: Annotated[dict[Name, Locale], Field(min_length=1, max_length=limits.MAX_LOCALES)]
    """The locale of each value of the column: {"DE": "de_DE", "FR": "fr_FR"}."""
    default: Locale | None = None
    """The locale of all other rows; the experiment's by default."""


class ColumnSchema(_Model):
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
    """The share of NULLs; 0.05 by default if the column is not required and has no null_when."""
    null_when: Annotated[str, Field(max_length=limits.MAX_EXPRESSION), Storable] | None = None
    """A condition in SQL over the row and its parents, as in expression: where it is true the column is NULL.

    The column's own name in it is its value before any NULL."""
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
    probability: Fraction | None = None
    """The share of true in a BOOLEAN column."""
    distribution: Distribution | None = None
    weekday_weights: Annotated[list[float], Field(min_length=7, max_length=7)] | None = None
    """The weights of Monday to Sunday."""
    hour_weights: Annotated[list[float], Field(min_length=24, max_length=24)] | None = None
    """The weights of the hours 0 to 23."""
    trend: Trend | None = None
    expression: Annotated[str, Field(max_length=limits.MAX_EXPRESSION), Storable] | None = None
    """SQL over other columns of the row, and over a parent's columns as foreign_key_column.parent_column.

    NULL where the SQL returns NULL; a null_fraction adds more."""
    sequence: Sequence | None = None
    """{"start": 1000, "step": 5}: 1000, 1005, 1010, ... in the order of the rows."""
    foreign_key: ForeignKey | None = None
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
        default = DEFAULT_NULL_FRACTION if self.null_when is None else 0.0
        if key is not None and (key.nullable or key.null_fraction is not None):
            share = key.null_fraction if key.null_fraction is not None else self.null_fraction
            return default if share is None else share
        if self.required or (key is not None and key.nullable is False):
            return 0.0
        if self.expression is not None and self.null_fraction is None:
            return 0.0
        return default if self.null_fraction is None else self.null_fraction

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


class TableSchema(_Model):
    """One table: its columns, keys and number of rows."""

    name: Name
    schema_name: Name | None = None
    """The table's schema in the warehouse."""
    quoted: bool = False
    target_rows: Annotated[int, Field(ge=0, le=limits.MAX_ROWS)] | None = None
    """The number of rows; by default the number of given rows, from the fan-out of a foreign key, equal to the parents
    of a one-to-one key, or 1000."""
    columns: Annotated[list[ColumnSchema], Field(min_length=1, max_length=limits.MAX_COLUMNS)]
    primary_key: KeyColumns = Field(default_factory=list)
    """One unique column, or several that are also one of the composite_keys."""
    composite_keys: Annotated[list[KeyColumns], Field(max_length=limits.MAX_KEYS)] = Field(default_factory=list)
    """Groups of columns, each unique as a tuple."""
    checks: Annotated[list[Check], Field(max_length=limits.MAX_KEYS)] = Field(default_factory=list)
    """Conditions that every row meets, as SQL in the dialect of the schema: "qty between 1 and 10". The audit proves
    them; the rules of the columns must keep them."""
    foreign_keys: Annotated[list[CompositeForeignKey], Field(max_length=limits.MAX_KEYS)] = Field(default_factory=list)
    rows: Annotated[list[Row], BeforeValidator(_write_exact_decimals), Field(max_length=limits.MAX_GIVEN_ROWS)] = Field(
        default_factory=list
    )
    """The first rows of the table, in order: [1, "OPEN", false] in column order, or {"id": 1, "code": "OPEN"}, which
    may leave out columns that their rules fill. null is NULL. Further rows never repeat a given key."""
    rows_file: Annotated[str, Field(max_length=limits.MAX_NAME), Storable] | None = None
    """A CSV or Parquet file with the first rows, beside the schema file; read with it and stored as rows."""
    comment: Comment | None = None
    because: Comment | None = None
    """Why this number of rows was suggested."""
    warnings: Annotated[list[Comment], Field(max_length=limits.MAX_WARNINGS)] = Field(default_factory=list)

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


class ExperimentSchema(_Model):
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
