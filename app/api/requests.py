"""Request models of the routes: unknown keys are errors, and text is not converted to numbers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt

MAX_INTEGER = 2**63 - 1
MAX_RESULT_ROWS = 1_000_000
MAX_OFFSET = 10**15
DEFAULT_RESULT_ROWS = 10_000
MAX_PREVIEW_ROWS = 10_000
MAX_PREVIEW_CELLS = 500_000
MAX_PREVIEW_BYTES = 32 * 1024 * 1024

Dialect = Literal["redshift", "snowflake", "duckdb"]
RunId = Annotated[StrictInt, Field(ge=1, le=MAX_INTEGER)]


def _check_rows(rows: Any) -> Any:
    """Check `rows` with a single message; pydantic would report one error for each type of the union."""
    numbers = rows.values() if isinstance(rows, dict) else [rows]
    if rows is not None and not all(isinstance(number, int) and not isinstance(number, bool) for number in numbers):
        raise ValueError('should be a whole number, or whole numbers by table such as {"orders": 1000}')
    return rows


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


def _with_example(**body: Any) -> ConfigDict:
    """Return a model's configuration with an example body."""
    return ConfigDict(json_schema_extra={"examples": [body]})


class ImportRequest(_Request):
    """A SQL script with CREATE TABLE statements."""

    model_config = _with_example(
        sql="CREATE TABLE sales (id INT PRIMARY KEY, city VARCHAR(40));", name="tickets", dialect="redshift"
    )

    sql: str
    name: str
    dialect: str
    """The dialect of the script: redshift or snowflake."""
    even_keys: bool = False
    """True to refer to all rows of a parent equally often, none more popular than the others."""


class EstimateRequest(_Request):
    """The run to estimate."""

    model_config = _with_example(rows=100_000)

    rows: Annotated[int | dict[str, int] | None, BeforeValidator(_check_rows)] = None
    """Row counts, as for generate."""
    total_rows: StrictInt | None = None
    """The number of rows in all, as for generate."""
    load: StrictBool = True
    """Whether the run would load its data, which takes more disk space."""


class GenerateRequest(_Request):
    """The row counts and the seed of a run."""

    model_config = _with_example(rows=1000, seed=42)

    rows: Annotated[int | dict[str, int] | None, BeforeValidator(_check_rows)] = None
    """One number for every table, or numbers by table; the numbers of the schema by default."""
    total_rows: StrictInt | None = None
    """About the number of rows in all, spread over the tables that `rows` does not name; small lookups keep theirs."""
    seed: StrictInt | None = None
    """The same seed gives the same data; without one, a random seed is used and recorded."""
    load: StrictBool = True
    """Whether to load the data when the run finishes."""


class LoadRequest(_Request):
    """The run to load."""

    model_config = _with_example(run_id=1)

    run_id: RunId | None = None
    """The newest completed run by default."""


class QueryRequest(_Request):
    """A SELECT and the format of its result."""

    model_config = _with_example(sql="show tables", experiment="tickets", limit=100)

    sql: str
    dialect: Dialect | None = None
    """The dialect of the query; by default that of the experiment it names, duckdb for one without a script."""
    experiment: str | None = None
    """The experiment whose tables can be named without a prefix."""
    format: Literal["json", "csv", "parquet"] = "json"
    """csv and parquet are streamed, and always complete."""
    spreadsheet_safe: StrictBool = False
    """Whether to prefix csv texts that a spreadsheet would run as formulas with a single quote."""
    limit: Annotated[int, Field(ge=0, le=MAX_RESULT_ROWS)] = DEFAULT_RESULT_ROWS
    """Max number of rows of a JSON response; `truncated` is true when the query has more."""
    offset: Annotated[int, Field(ge=0, le=MAX_OFFSET)] = 0
    """Number of rows to skip in a JSON response."""
    variables: dict[str, Annotated[str | int | float | bool | None, Field(union_mode="smart")]] = {}
    """Values of `$name` and `:name`: numbers, strings, booleans or null."""


class SaveQueryRequest(_Request):
    """A query to save."""

    model_config = _with_example(sql="select 1 as one")

    sql: str
    dialect: Dialect | None = None
    """The dialect of the query; that of the experiment by default."""
