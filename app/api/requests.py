"""What the routes take; unknown keys are refused, and numbers are not made from text."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt

GREATEST_INTEGER = 2**63 - 1
GREATEST_RESULT_ROWS = 1_000_000
GREATEST_OFFSET = 10**15
DEFAULT_RESULT_ROWS = 10_000
GREATEST_PREVIEW_ROWS = 10_000
GREATEST_PREVIEW_CELLS = 500_000
GREATEST_PREVIEW_BYTES = 32 * 1024 * 1024

Dialect = Literal["redshift", "snowflake", "duckdb"]
RunId = Annotated[StrictInt, Field(ge=1, le=GREATEST_INTEGER)]


def _checked_rows(rows: Any) -> Any:
    """Say in one sentence what `rows` may be; pydantic would answer once for each kind."""
    numbers = rows.values() if isinstance(rows, dict) else [rows]
    if rows is not None and not all(isinstance(number, int) and not isinstance(number, bool) for number in numbers):
        raise ValueError('should be a whole number, or whole numbers by table such as {"orders": 1000}')
    return rows


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


def _with_example(**body: Any) -> ConfigDict:
    """Return a model's configuration with a body to begin with."""
    return ConfigDict(json_schema_extra={"examples": [body]})


class ImportRequest(_Request):
    """A script of CREATE TABLE statements."""

    model_config = _with_example(
        sql="CREATE TABLE sales (id INT PRIMARY KEY, city VARCHAR(40));", name="tickets", dialect="redshift"
    )

    sql: str
    name: str
    dialect: str
    """The warehouse the script is written for: redshift or snowflake."""


class EstimateRequest(_Request):
    """A run that is thought of."""

    model_config = _with_example(rows=100_000)

    rows: Annotated[int | dict[str, int] | None, BeforeValidator(_checked_rows)] = None
    """As `rows` of a run."""
    load: StrictBool = True
    """Whether the run would load its data, which takes room of its own."""


class GenerateRequest(_Request):
    """How many rows to make, from which seed."""

    model_config = _with_example(rows=1000, seed=42)

    rows: Annotated[int | dict[str, int] | None, BeforeValidator(_checked_rows)] = None
    """One number for every table, or numbers by table; by default, what the schema says."""
    seed: StrictInt | None = None
    """The same seed makes the same data; one is drawn and recorded when none is given."""
    load: StrictBool = True
    """Whether queries see the data as soon as it is made."""


class LoadRequest(_Request):
    """Which run to load."""

    model_config = _with_example(run_id=1)

    run_id: RunId | None = None
    """The newest completed run by default."""


class QueryRequest(_Request):
    """One SELECT and how to answer it."""

    model_config = _with_example(sql="show tables", experiment="tickets", limit=100)

    sql: str
    dialect: Dialect | None = None
    """The dialect the query is written in; DuckDB's by default."""
    experiment: str | None = None
    """The experiment whose tables need no prefix."""
    format: Literal["json", "csv", "parquet"] = "json"
    """csv and parquet are streamed and always complete."""
    spreadsheet_safe: StrictBool = False
    """Whether a csv has a single quote before texts that a spreadsheet runs as formulas; other formats ignore it."""
    limit: Annotated[int, Field(ge=0, le=GREATEST_RESULT_ROWS)] = DEFAULT_RESULT_ROWS
    """The most rows of a JSON answer; its `truncated` tells whether the query has more."""
    offset: Annotated[int, Field(ge=0, le=GREATEST_OFFSET)] = 0
    """So many rows are left out before the first one of a JSON answer."""
    variables: dict[str, Annotated[str | int | float | bool | None, Field(union_mode="smart")]] = {}
    """The values of `$name` and `:name`: numbers, texts, booleans or null."""


class SaveQueryRequest(_Request):
    """A query to keep."""

    model_config = _with_example(sql="select 1 as one")

    sql: str
    dialect: Dialect = "duckdb"
