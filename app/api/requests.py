"""Request models of the routes: unknown keys are errors, and text is not converted to numbers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictFloat, StrictInt

MAX_INTEGER = 2**63 - 1
MAX_RESULT_ROWS = 1_000_000
MAX_OFFSET = 10**15
DEFAULT_RESULT_ROWS = 10_000
MAX_PREVIEW_ROWS = 10_000
MAX_PREVIEW_CELLS = 500_000
MAX_PREVIEW_BYTES = 32 * 1024 * 1024

MAX_QUERY_CHARACTERS = 2_000_000
MAX_COVERAGE_ROWS = 10_000

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


class CoverageRequest(_Request):
    """The queries of a workload, as texts by file name."""

    model_config = _with_example(queries={"sales.sql": "select 1 as one; select 2 as two"}, values={"year": 2000})

    queries: Annotated[dict[str, Annotated[str, Field(max_length=MAX_QUERY_CHARACTERS)]], Field(max_length=1000)]
    """A file may have many statements; other files may use the views that it creates, and the models of dbt."""
    values: dict[str, Annotated[str | int | float | bool | None, Field(union_mode="smart")]] = {}
    """Values of placeholders such as `:year`, `?` (`1` is the first) and `[DATE_FROM]`, by name."""
    dialect: Dialect | None = None
    """The dialect of the queries; that of the experiment by default."""
    limit: Annotated[int, Field(ge=1, le=MAX_COVERAGE_ROWS)] = MAX_COVERAGE_ROWS
    """Max number of rows that are counted of a result."""
    timeout_seconds: Annotated[float, Field(gt=0, le=3600)] | None = None
    """The time limit of each query; that of the settings by default."""


class CoverageJobRequest(_Request):
    """The queries of a workload to run in the background, as texts by file name."""

    model_config = _with_example(queries={"sales.sql": "select 1 as one; select 2 as two"}, values={"year": 2000})

    queries: Annotated[dict[str, Annotated[str, Field(max_length=MAX_QUERY_CHARACTERS)]], Field(max_length=1000)]
    values: dict[str, Annotated[str | int | float | bool | None, Field(union_mode="smart")]] = {}
    """Values of placeholders, by name."""


class AcceptRequest(_Request):
    """The changes of a fit to save."""

    model_config = _with_example(accepted=[0, 2])

    accepted: Annotated[list[Annotated[StrictInt, Field(ge=0)]], Field(max_length=100_000)] | None = None
    """Their positions in `kept`, from 0; all by default. Changes of one `unit` are made together or not at all."""


class FitRequest(_Request):
    """The queries that a schema is fitted to, as texts by file name, and the data on which they are tried."""

    model_config = _with_example(queries={"sales.sql": "select * from sales where city = 'Oslo'"}, rows=1000)

    queries: Annotated[dict[str, Annotated[str, Field(max_length=MAX_QUERY_CHARACTERS)]], Field(max_length=1000)]
    """A file may have many statements."""
    values: dict[str, Annotated[str | int | float | bool | None, Field(union_mode="smart")]] = {}
    """Values of placeholders, by name."""
    rows: Annotated[int | dict[str, int] | None, BeforeValidator(_check_rows)] = None
    """Row counts, as for generate."""
    total_rows: StrictInt | None = None
    """The number of rows in all, as for generate."""
    seed: StrictInt = 1
    refused: Annotated[list[str], Field(max_length=10_000)] = []
    """The columns (`table.column`) and tables that stay as they are."""
    dry_run: StrictBool = False
    """Whether to save nothing."""
    verify: StrictBool = True
    """Whether to make data and run the queries, before and after; repairs need it."""
    rounds: Annotated[StrictInt, Field(ge=0, le=20)] = 4
    """The rounds in which what finds nothing is repaired, at most."""
    wanted: Annotated[str, Field(max_length=MAX_QUERY_CHARACTERS)] | None = None
    """A CSV text of queries with the rows that each should return, such as an export of a query history."""


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
    batches: dict[str, list[StrictInt]] | None = None
    """The batches of an earlier run, to repeat it exactly; by default those of the last run, where tables grow."""


class ExportedRows(_Request):
    """What to export: the format, and the rows of a run or of a seed."""

    model_config = _with_example(format="csv", target="snowflake", tables=["sales"])

    format: Literal["parquet", "csv", "csv.gz", "jsonl", "duckdb", "delta", "xlsx", "sql", "dbt"] = "parquet"
    target: Dialect | None = None
    """Where the scripts load; the experiment's dialect by default."""
    run: RunId | None = None
    """The run; by default the loaded one, or else the last completed one."""
    rows: Annotated[int | dict[str, int] | None, BeforeValidator(_check_rows)] = None
    """Row counts to make without a run, as for generate; with a seed."""
    total_rows: StrictInt | None = None
    """The number of rows in all, as for generate."""
    seed: StrictInt | None = None
    """The seed of rows without a run."""
    tables: Annotated[list[str], Field(max_length=10_000)] | None = None
    """All tables by default."""
    codec: Literal["snappy", "zstd", "none"] = "snappy"
    """The compression of Parquet."""
    rows_per_file: Annotated[StrictInt, Field(ge=1, le=MAX_INTEGER)] | None = None
    """The rows of a file; about 150 MB by default."""
    any_size: StrictBool = False
    """Whether dbt seeds may be larger than 5 MB."""
    location: Annotated[str, Field(max_length=2000)] = ""
    """Where the script loads from, such as s3://bucket/folder."""
    role: Annotated[str, Field(max_length=2000)] = ""
    """The ARN of the IAM role in Redshift's script."""
    stage: Annotated[str, Field(max_length=2000)] = ""
    """The stage in Snowflake's script."""
    integration: Annotated[str, Field(max_length=2000)] = ""
    """The storage integration in Snowflake's script."""


class ExportEstimateRequest(ExportedRows):
    """What to export, and by how many workers."""

    workers: Annotated[StrictInt, Field(ge=1, le=10_000)] | None = None
    """The number of workers whose time is estimated."""


class ExportRequest(ExportedRows):
    """What to export, and where."""

    to: Annotated[str, Field(max_length=4000)] | None = None
    """A folder of the server or a URL in DW_SIM_EXPORT_PLACES; by default the export is kept to be downloaded."""
    zip: StrictBool = False
    """Whether to make one zip file in the folder `to`; a download is always one."""
    resume: StrictBool = False
    """Whether to go on with the same export in `to`."""


class AttachRequest(_Request):
    """An exported run to read, and how much of it."""

    model_config = _with_example(place="/data/exports/tickets", name="tickets_lake", sample=0.01)

    place: Annotated[str, Field(max_length=4000)]
    """A folder of the server or a URL in DW_SIM_EXPORT_PLACES."""
    name: str | None = None
    """The experiment; the exported one's name by default."""
    sample: (
        Annotated[StrictFloat, Field(gt=0, le=1)]
        | Annotated[StrictInt, Field(ge=0, le=MAX_INTEGER)]
        | dict[str, Annotated[StrictInt, Field(ge=0, le=MAX_INTEGER)]]
        | None
    ) = None
    """A share of the rows (0.01), rows of each table (10000) or of some by name, with their parents; all by default."""


class ChangeRequest(_Request):
    """A new name and a new description; what is left out stays."""

    model_config = _with_example(name="box_office", description="Tickets of one season.")

    name: str | None = None
    description: Annotated[str | None, Field(max_length=65_535)] = None


class CopyRequest(_Request):
    """The name of the copy."""

    model_config = _with_example(name="tickets_2")

    name: str


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
    view: Literal["both", "table", "chart", "columns"] = "both"
    """How the app shows its result."""
    chart: dict[Literal["mark", "x", "unit", "y", "aggregate", "color"], str] = {}
    """The chosen parts of its chart; those left out are chosen to fit the result."""


class PinRequest(_Request):
    """A saved query to put on the board."""

    model_config = _with_example(query="rows by day", view="table", width=2)

    query: str
    view: Literal["chart", "table"] | None = None
    """By default what the query was saved with."""
    width: Annotated[int, Field(ge=1, le=3)] = 1
    """The number of the board's three columns that it spans."""
