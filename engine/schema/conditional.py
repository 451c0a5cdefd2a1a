"""Models of values that depend on other values: weights by case, and rows from which several columns are drawn.

A case is a value of another column, written as text: `"web"`, `"true"`, `"3"`. `"null"` is NULL, `"*"` is every value
without a case of its own; in single quotes, as `"'null'"`, a text stands for itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Discriminator, Field, Tag

from engine.schema import limits
from engine.schema.fields import Cell, Model, Name, Storable, Weight, write_exact_decimals

REST = "*"
"""The case of all values without one of their own."""
NULL = "null"
"""The case of NULL."""
CASE_KEYS = ("values_by", "distribution_by", "null_by")
"""The keys of a column that have cases by another column."""

Path = Annotated[str, Field(max_length=limits.MAX_NAME * 4), Storable]
"""A column of the row, or of a parent as foreign_key_column.parent_column."""
Case = Annotated[str, Field(max_length=limits.MAX_VALUE), Storable]
Weights = Annotated[dict[Case, Weight], Field(min_length=1, max_length=limits.MAX_VALUES)]
_Rows = Annotated[list[list[Cell]], BeforeValidator(write_exact_decimals), Field(max_length=limits.MAX_GIVEN_ROWS)]


class ValueRows(Model):
    """Rows of values of several columns of the table: each row of the table has those of one drawn row."""

    columns: Annotated[list[Name], Field(min_length=1, max_length=limits.MAX_KEY_COLUMNS)]
    """The columns that are drawn together; the one that has this key is among them."""
    rows: _Rows = Field(default_factory=list)
    """The rows to draw from, each with a value of each of `columns` in their order: [["Ulm", "BW"], ["Jena", "TH"]]."""
    weights: Annotated[list[Weight], Field(max_length=limits.MAX_GIVEN_ROWS)] | None = None
    """The weight of each row."""
    table: Name | None = None
    """A CSV or Parquet file with the rows, beside the schema file; read with it and stored as rows."""
    weight_column: Name | None = None
    """The column of the file that holds the weights."""

    def __str__(self) -> str:
        return f"{len(self.rows)} rows of {', '.join(self.columns)}"


class RowOf(Model):
    """A column whose values are those of the row drawn by another column of the table."""

    row_of: Name
    """The column whose values_by has the rows."""

    def __str__(self) -> str:
        return f"drawn with {self.row_of}"


def _form_of(value: Any) -> str:
    if isinstance(value, ValueRows) or (isinstance(value, dict) and isinstance(value.get("columns"), list)):
        return "value_rows"
    if isinstance(value, RowOf) or (isinstance(value, dict) and isinstance(value.get("row_of"), str)):
        return "value_row_of"
    return "cases"


_WeightsByCase = Annotated[dict[Case, Weights], Field(min_length=1, max_length=limits.MAX_CASES)]
ByColumn = Annotated[dict[Path, _WeightsByCase], Field(min_length=1, max_length=1)]
ValuesBy = Annotated[
    Annotated[ByColumn, Tag("cases")] | Annotated[ValueRows, Tag("value_rows")] | Annotated[RowOf, Tag("value_row_of")],
    Discriminator(_form_of),
]


def cases_of(column: BaseModel, key: str) -> tuple[str, dict[str, Any]] | None:
    """Return the deciding column and the cases of one of `CASE_KEYS`, or None without."""
    given = getattr(column, key)
    return next(iter(given.items())) if isinstance(given, dict) and given else None


def deciding_paths(column: BaseModel) -> Iterator[str]:
    """Yield the columns whose values decide the column's."""
    for key in CASE_KEYS:
        found = cases_of(column, key)
        if found is not None:
            yield found[0]


def has_null_cells(column: Any, table: Any) -> bool:
    """Return whether the rows from which a column's values are drawn have NULL for it."""
    by = column.values_by
    if isinstance(by, RowOf):
        by = table.column(by.row_of).values_by
    if not isinstance(by, ValueRows):
        return False
    place = [name.casefold() for name in by.columns].index(column.name.casefold())
    return any(row[place] is None for row in by.rows)


def text_of_case(case: str) -> str:
    """Return the value that a case other than `"*"` and `"null"` names, without its single quotes."""
    return case[1:-1] if len(case) > 1 and case[0] == case[-1] == "'" else case


def share_rows(data: Any) -> Any:
    """Give the columns that the values_by of another column lists a values_by that names it."""
    columns = data.get("columns") if isinstance(data, dict) else None
    if not isinstance(columns, list):
        return data
    owners: dict[str, str] = {}
    for column in columns:
        by = column.get("values_by") if isinstance(column, dict) else None
        if isinstance(by, dict) and isinstance(by.get("columns"), list):
            owners |= {str(name).casefold(): str(column.get("name")) for name in by["columns"]}
    if not owners:
        return data

    def share(column: Any) -> Any:
        name = str(column.get("name")).casefold() if isinstance(column, dict) else ""
        if name not in owners or "values_by" in column:
            return column
        return {**column, "values_by": {"row_of": owners[name]}}

    return {**data, "columns": [share(column) for column in columns]}
