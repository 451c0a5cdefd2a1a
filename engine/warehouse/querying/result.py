"""The result of a query: Arrow data that any page can show, and its ways out.

What Arrow or Polars cannot hold is text already when it gets here (`columns` keep the true type): INTERVAL, UNION, BIT,
VARIANT, MAP, times with a zone. Sums of integers, which DuckDB makes 128 bits wide, are 64-bit integers when they fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from engine.display.wording import counted
from engine.errors import WorkbenchError
from engine.system.durable_files import write_atomically
from engine.warehouse.profiling.column_profile import Profile
from engine.warehouse.profiling.profile import profile
from engine.warehouse.querying.csv_stream import result_chunks, write_csv

if TYPE_CHECKING:
    import altair as alt

    from engine.warehouse.charts.plan import ChartPlan

_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896  # 0001-01-01 and 9999-12-31 in days since 1970
_SECONDS_OF_DAY = 86_400
_UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


@dataclass(frozen=True)
class ResultColumn:
    """A column of a result: its header as the query spells it, and its DuckDB type."""

    name: str
    type: str


@dataclass(frozen=True)
class QueryResult:
    """What a query returned.

    `seconds` is the time it took, `sql` the text that ran, `truncated` whether a limit cut rows off, and `notes` what
    else its reader should know. `offset` is the number of rows left out before the first one, and `total` that of all
    rows, None when it is not known.
    """

    arrow: pa.Table
    columns: tuple[ResultColumn, ...]
    seconds: float
    sql: str
    truncated: bool = False
    notes: tuple[str, ...] = ()
    offset: int = 0
    total: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether no row was left out."""
        return not self.truncated and not self.offset

    @property
    def row_count(self) -> int:
        """The number of rows."""
        return int(self.arrow.num_rows)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The result as a Polars frame; a repeated header gets a suffix (`id`, `id_2`), an odd date becomes text."""
        table = self.arrow.rename_columns(distinct([column.name for column in self.columns], folds_case=False))
        for index, field in enumerate(table.schema):
            if not _fits_python(table.column(index)):
                table = table.set_column(index, field.name, _as_text(table.column(index)))
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)
        return frame

    def _repr_html_(self) -> str:
        more = ", cut: the query has more" if self.truncated else ""
        notes = "".join(f"<div>{escape(note)}</div>" for note in self.notes)
        extent = f"{counted(self.row_count, 'row')}, {counted(len(self.columns), 'column')}"
        with pl.Config(tbl_hide_dataframe_shape=True):  # the line above the table tells it
            rows = self.frame._repr_html_()
        return f"<div><b>{extent} in {self.seconds:.2f} s{more}</b></div>{notes}{rows}"

    def records(self) -> list[tuple[Any, ...]]:
        """Return the rows as tuples of plain Python values."""
        return self.frame.rows()

    def to_csv(self, path: str | Path, *, spreadsheet_safe: bool = False) -> int:
        """Write the result as CSV, whole or not at all; returns the number of rows.

        `spreadsheet_safe` puts a single quote in front of texts that a spreadsheet would run as formulas.
        """
        table = self.arrow.rename_columns([f"c{index}" for index in range(len(self.columns))])
        try:
            with duckdb.connect() as connection:
                connection.execute("set TimeZone = 'UTC'")
                chunks = result_chunks(
                    connection.from_arrow(table),
                    [column.name for column in self.columns],
                    [column.type for column in self.columns],
                    spreadsheet_safe=spreadsheet_safe,
                )
                write_csv(Path(path), chunks)
        except duckdb.Error as error:
            raise WorkbenchError(f"The result cannot be written as CSV: {str(error).splitlines()[0]}") from error
        return self.row_count

    def to_parquet(self, path: str | Path) -> int:
        """Write the result as a Parquet file, whole or not at all; returns the number of rows."""
        table = self.arrow.rename_columns(distinct([column.name for column in self.columns]))
        try:
            with write_atomically(Path(path)) as temporary:
                pq.write_table(table.cast(plain_schema(table.schema)), temporary, compression="zstd")
        except OSError as error:
            raise WorkbenchError(
                f"The file cannot be written: {error.strerror or error}.",
                where=str(path),
                hint="Name a file in a folder that exists, where you may write and the disk has room.",
            ) from error
        return self.row_count

    def chart(
        self,
        *,
        mark: str | None = None,
        x: str | None = None,
        y: str | None = None,
        color: str | None = None,
        aggregate: str | None = None,
        unit: str | None = None,
    ) -> alt.Chart:
        """Return the chart that fits the result's columns; what is given is kept, and the rest chosen to fit it.

        `mark` is bar, line, area or point; `x`, `y` and `color` are columns ("" for no colour); `aggregate` puts the
        rows of one x (and color) together: sum, mean, median, min, max or count; `unit` does so with a time's: minute,
        hour, day, week, month, quarter or year. "none" leaves the rows, or the moments, as they are. Raises
        `WorkbenchError` when nothing can be drawn so.
        """
        import altair as alt

        from engine.warehouse.charts.chart import draw
        from engine.warehouse.charts.plan import ChartChoice

        if alt.renderers.active == "default":
            alt.renderers.enable("svg")  # drawn on this machine: the default takes its library from another one
        return draw(self.frame, ChartChoice(mark, x, y, color, aggregate, unit), self._extent())

    def chart_plan(self, **choice: str | None) -> ChartPlan:
        """Return what `chart` shows when it is asked with the same words, and which other units of time would fit."""
        from engine.warehouse.charts.chart import chart_plan
        from engine.warehouse.charts.plan import ChartChoice

        return chart_plan(self.frame, ChartChoice(**choice))

    def _extent(self) -> str:
        """Return which rows of a longer result these are."""
        if self.is_whole:
            return ""
        total = "" if self.total is None else f" of {self.total:,}"
        return f"rows {self.offset + 1:,} to {self.offset + self.row_count:,}{total}"

    def profile(self) -> Profile:
        """Return what each column holds, of the rows that are here: `.columns`, and `.frame` with a row for each."""
        table = self.arrow.rename_columns([f"c{index}" for index in range(len(self.columns))])
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            made = profile(connection.from_arrow(table), [column.name for column in self.columns])
        columns = zip(made.columns, self.columns, strict=True)
        return Profile(made.rows, tuple(replace(column, type=known.type) for column, known in columns))


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Return the schema with an ENUM as plain strings: other programs read a dictionary as a category."""
    return pa.schema(
        [field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field for field in schema]
    )


def distinct(names: Sequence[str], *, folds_case: bool = True) -> list[str]:
    """Return the names with `_2`, `_3`, ... added to repeated ones; `a` and `A` are one name where case is folded.

    Polars tells them apart; many a reader of Parquet does not.
    """
    fold = str.lower if folds_case else str
    taken = {fold(name) for name in names}
    seen: set[str] = set()
    made = []
    for name in names:
        new, number = name, 2
        while fold(new) in seen or (new != name and fold(new) in taken):
            new, number = f"{name}_{number}", number + 1
        seen.add(fold(new))
        made.append(new)
    return made


def _fits_python(column: pa.ChunkedArray) -> bool:
    """Whether every date and time of a column is one that Python, and so Polars, can show."""
    kind = column.type
    if pa.types.is_date32(kind):
        unit, storage = 1, pa.int32()
    elif pa.types.is_timestamp(kind):
        unit, storage = _UNITS[kind.unit] * _SECONDS_OF_DAY, pa.int64()
    elif pa.types.is_time64(kind):
        return (pc.max(column.cast(pa.int64())).as_py() or 0) < _SECONDS_OF_DAY * _UNITS[kind.unit]
    else:
        return True
    bounds = pc.min_max(column.cast(storage)).as_py()
    if bounds["min"] is None:
        return True
    return bool(_FIRST_DAY * unit <= bounds["min"] and bounds["max"] < (_LAST_DAY + 1) * unit)


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the values as DuckDB writes them: `0044-03-15 (BC)`, `infinity`."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        relation = connection.from_arrow(pa.table({"c": column}))
        return relation.project("cast(c as varchar) as c").to_arrow_table().column(0)
