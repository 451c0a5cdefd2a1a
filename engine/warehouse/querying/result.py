"""The result of a query: Arrow data, and its conversion to frames, files, charts and profiles.

Types that Arrow or Polars cannot hold are text here (`columns` keep the true type): INTERVAL, UNION, BIT, VARIANT, MAP,
times with a zone. Integer sums, which DuckDB makes 128 bits wide, are 64-bit integers where they fit.
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

from engine.display.wording import counted
from engine.errors import WorkbenchError
from engine.system.user_files import write_user_file
from engine.warehouse.profiling.profile import profile
from engine.warehouse.profiling.profile_records import Profile
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
    """The result of a query.

    `seconds` is the run time, `sql` the text that ran, `truncated` whether a limit cut rows off, and `notes` are for
    the user. `offset` is the number of rows skipped before the first one, `total` the number of all rows, None if
    unknown.
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
        """Whether the result has all rows."""
        return not self.truncated and not self.offset

    @property
    def row_count(self) -> int:
        """The number of rows."""
        return int(self.arrow.num_rows)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The result as a Polars frame; a repeated header gets a suffix (`id`, `id_2`), other dates are text."""
        table = self.arrow.rename_columns(unique_headers([column.name for column in self.columns], folds_case=False))
        for index, field in enumerate(table.schema):
            if not _fits_python(table.column(index)):
                table = table.set_column(index, field.name, _as_text(table.column(index)))
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)
        return frame

    def _repr_html_(self) -> str:
        more = ", truncated" if self.truncated else ""
        notes = "".join(f"<div>{escape(note)}</div>" for note in self.notes)
        extent = f"{counted(self.row_count, 'row')}, {counted(len(self.columns), 'column')}"
        with pl.Config(tbl_hide_dataframe_shape=True):  # shown in the line above
            rows = self.frame._repr_html_()
        return f"<div><b>{extent} in {self.seconds:.2f} s{more}</b></div>{notes}{rows}"

    def records(self) -> list[tuple[Any, ...]]:
        """Return the rows as tuples of plain Python values."""
        return self.frame.rows()

    def to_csv(self, path: str | Path, *, spreadsheet_safe: bool = False) -> int:
        """Write the result as CSV, atomically; returns the number of rows.

        `spreadsheet_safe` puts a single quote before text that a spreadsheet would run as a formula.
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
        """Write the result as a Parquet file, atomically; returns the number of rows."""
        import pyarrow.parquet as pq

        table = self.arrow.rename_columns(unique_headers([column.name for column in self.columns]))
        with write_user_file(Path(path)) as temporary:
            pq.write_table(table.cast(plain_schema(table.schema)), temporary, compression="zstd")
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
        """Return a chart of the result; arguments left out are chosen to fit its columns.

        `mark` is bar, line, area or point; `x`, `y` and `color` are columns ("" for no colour); `aggregate` combines
        rows of one x (and color): sum, mean, median, min, max or count; `unit` groups timestamps by minute, hour, day,
        week, month, quarter or year. "none" turns either off. Bars follow the query's ORDER BY. Raises
        `WorkbenchError` if nothing can be drawn.
        """
        import altair as alt

        from engine.warehouse.charts.chart import draw
        from engine.warehouse.charts.plan import ChartChoice
        from engine.warehouse.charts.row_order import is_ordered

        if alt.renderers.active == "default":
            alt.renderers.enable("svg")  # rendered locally: the default loads its library from the internet
        choice = ChartChoice(mark, x, y, color, aggregate, unit)
        return draw(self.frame, choice, self._extent(), keeps_order=is_ordered(self.sql))

    def chart_plan(self, **choice: str | None) -> ChartPlan:
        """Return the plan of `chart` for the same arguments, with the units of time that fit."""
        from engine.warehouse.charts.chart import chart_plan
        from engine.warehouse.charts.plan import ChartChoice

        return chart_plan(self.frame, ChartChoice(**choice))

    def _extent(self) -> str:
        """Return the row range as text; empty for a whole result."""
        if self.is_whole:
            return ""
        total = "" if self.total is None else f" of {self.total:,}"
        return f"rows {self.offset + 1:,} to {self.offset + self.row_count:,}{total}"

    def profile(self) -> Profile:
        """Return a profile of each column over these rows: `.columns`, and `.frame` with a row for each."""
        table = self.arrow.rename_columns([f"c{index}" for index in range(len(self.columns))])
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            made = profile(connection.from_arrow(table), [column.name for column in self.columns])
        columns = zip(made.columns, self.columns, strict=True)
        return Profile(made.rows, tuple(replace(column, type=known.type) for column, known in columns))


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Return the schema with ENUM as plain strings: other programs read a dictionary as a category."""
    return pa.schema(
        [field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field for field in schema]
    )


def unique_headers(names: Sequence[str], *, folds_case: bool = True) -> list[str]:
    """Return the names with `_2`, `_3`, ... added to repeated ones; `a` and `A` are one name where case is folded.

    Polars distinguishes them; many Parquet readers do not.
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
    """Return whether Python, and so Polars, can hold every date and time of a column."""
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
    """Return the values as DuckDB prints them: `0044-03-15 (BC)`, `infinity`."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        relation = connection.from_arrow(pa.table({"c": column}))
        return relation.project("cast(c as varchar) as c").to_arrow_table().column(0)
