"""What to export: the rows, the format, the target, and the names that load scripts need."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.errors import WorkbenchError, did_you_mean
from engine.schema.models import ExperimentSchema

FORMATS = ("parquet", "csv", "csv.gz", "jsonl", "duckdb", "delta", "iceberg", "xlsx", "sql", "dbt")
TARGETS = ("redshift", "snowflake", "duckdb")
CODECS = ("snappy", "zstd", "none")
_LOCATION = re.compile(r"(s3|s3china|s3gov|gcs|gs|azure|az)://[\w.\-/]+")
_ROLE = re.compile(r"default|arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]+")
_NAME = re.compile(r"[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*){0,2}")


@dataclass(frozen=True)
class LoadNames:
    """The names that a load script writes; a placeholder to be replaced stands for each that is not given.

    `location` is the URL to which the export is copied (`s3://bucket/folder`), `role` the ARN of Redshift's IAM role,
    `stage` and `integration` are Snowflake's stage and storage integration. None can hold a credential.
    """

    location: str = ""
    role: str = ""
    stage: str = ""
    integration: str = ""

    def __post_init__(self) -> None:
        for name, pattern, example in (
            ("location", _LOCATION, "s3://bucket/folder"),
            ("role", _ROLE, "arn:aws:iam::123456789012:role/loading, or default"),
            ("stage", _NAME, "my_stage"),
            ("integration", _NAME, "my_integration"),
        ):
            text = getattr(self, name)
            if text and not pattern.fullmatch(text):
                # Not repeated in the message: it may be a credential.
                raise WorkbenchError(f"This is not a {name}.", where=name, hint=f"It looks like {example}.")


@dataclass(frozen=True)
class ExportRequest:
    """An export: `schema` has the batches that its rows need, and `counts` the rows of every table.

    `tables` are the keys of the exported ones, in the order of the schema. `rows_per_file` None makes files of about
    150 MB; `any_size` allows dbt seeds above 5 MB. The request and the versions of the libraries decide every byte.
    """

    schema: ExperimentSchema
    seed: int
    counts: Mapping[str, int]
    tables: tuple[str, ...]
    format: str = "parquet"
    target: str = "duckdb"
    codec: str = "snappy"
    rows_per_file: int | None = None
    any_size: bool = False
    names: LoadNames = field(default_factory=LoadNames)
    is_packed: bool = False
    """Whether it becomes a zip file, so that the folder of its files is not known yet."""

    def __post_init__(self) -> None:
        _check("format", self.format, FORMATS)
        _check("target", self.target, TARGETS)
        _check("codec", self.codec, CODECS)
        rows = self.rows_per_file
        if rows is not None and (isinstance(rows, bool) or not isinstance(rows, int) or rows < 1):
            raise WorkbenchError("It is not a number of rows of a file.", where="rows_per_file", hint="Use 1 or more.")


@dataclass(frozen=True)
class ExportProgress:
    """How far an export is: the table in work, its rows, and rows, files and bytes of all tables."""

    table: str
    table_rows_done: int
    rows_done: int
    rows_total: int
    files: int
    size_bytes: int


ExportListener = Callable[[ExportProgress], None]


def _check(what: str, name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        hint = did_you_mean(str(name), known) or f"The {what}s are: {', '.join(known)}."
        raise WorkbenchError(f'There is no {what} "{name}".', where=what, hint=hint)
