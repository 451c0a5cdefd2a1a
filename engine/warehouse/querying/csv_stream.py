"""CSV as in RFC 4180: always a header line, CRLF, quotes only where needed, NULL as an empty field.

Empty text is `""`, so that it differs from NULL. DuckDB converts every value to text (ISO dates,
`2024-05-01 12:00:00+00`, `true`), Polars adds the quotes, batch by batch: memory does not grow with the result.

Spreadsheets run a cell that begins with = + - @, a tab or a carriage return as a formula. `spreadsheet_safe` puts a
single quote before such text and headers; numbers, dates, times and booleans are unchanged.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa

from engine.sql.translation import Translation
from engine.system.user_files import write_user_file
from engine.warehouse.querying.binding import bind
from engine.warehouse.querying.deadline import Deadline
from engine.warehouse.querying.query_text import QueryText
from engine.warehouse.querying.request import Question
from engine.warehouse.querying.session import Session
from engine.warehouse.querying.statement import statement_of

LINE_END = "\r\n"
_BATCH_ROWS = 50_000
_PIECE_BYTES = 16 * 1024 * 1024
_QUOTED_CHARACTERS = frozenset('",\r\n')
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_FORMULA_STARTS_SQL = ", ".join(f"chr({ord(start)})" for start in _FORMULA_STARTS)
_PLAIN_TYPES = frozenset(
    "BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT UHUGEINT BIGNUM FLOAT DOUBLE"
    " DECIMAL DATE TIME TIME_NS TIMESTAMP TIMESTAMP_S TIMESTAMP_MS TIMESTAMP_NS TIMESTAMPTZ INTERVAL UUID".split()
)


class CsvStream(Iterator[bytes]):
    """The CSV of a whole query in chunks, the header first; it owns its session and closes it.

    `rows` counts the rows yielded so far.
    """

    def __init__(
        self, session: Session, text: QueryText, timeout_seconds: float, *, spreadsheet_safe: bool = False
    ) -> None:
        self.rows = 0
        self._pieces: deque[pa.RecordBatch] = deque()
        self._session = session
        self._text = text
        self._spreadsheet_safe = spreadsheet_safe
        self._deadline = Deadline(session, timeout_seconds)
        with self._deadline.running(text):
            relation = bind(session, text)
            self._headers: list[str] | None = list(relation.columns)
            types = [str(kind) for kind in relation.types]
            self._reader = text_reader(relation, types, spreadsheet_safe=spreadsheet_safe)
            self._batch = _next_batch(self._reader)

    def __next__(self) -> bytes:
        if self._headers is not None:
            header = header_line(self._headers, spreadsheet_safe=self._spreadsheet_safe)
            self._headers = None
            return header
        if self._pieces:
            piece = self._pieces.popleft()
            self.rows += piece.num_rows
            return csv_lines(piece)
        batch = self._batch
        if batch is None:
            self.close()
            raise StopIteration
        try:
            with self._deadline.running(self._text):
                self._batch = _next_batch(self._reader)
        except BaseException:
            self.close()
            raise
        self._pieces.extend(_pieces(batch))
        return next(self)

    def close(self) -> None:
        """Close the query and its session; does nothing when they are closed."""
        self._batch, self._headers = None, None
        self._pieces.clear()
        self._reader.close()
        self._session.close()


def open_csv_stream(
    session: Session,
    sql: str | Translation | Question,
    *,
    timeout_seconds: float | None = None,
    spreadsheet_safe: bool = False,
) -> CsvStream:
    """Start a query and return its CSV stream, which closes the session at its end or on `close()`.

    Raises `QueryError` for errors in the query and in its first rows.
    """
    seconds = session.settings.query_timeout_seconds if timeout_seconds is None else timeout_seconds
    try:
        text = statement_of(session, sql)
        return CsvStream(session, text, seconds, spreadsheet_safe=spreadsheet_safe)
    except BaseException:
        session.close()
        raise


def write_csv(path: Path, chunks: Iterable[bytes]) -> None:
    """Write the chunks to `path` atomically; raises `WorkbenchError` if the file cannot be written."""
    with write_user_file(path) as temporary, temporary.open("xb") as file:
        file.writelines(chunks)


def result_chunks(
    relation: duckdb.DuckDBPyRelation, headers: Sequence[str], types: Sequence[str], *, spreadsheet_safe: bool = False
) -> Iterator[bytes]:
    """Yield a relation as CSV with these headers; `types` are the query's own, before any cast to text."""
    yield header_line(headers, spreadsheet_safe=spreadsheet_safe)
    for batch in text_reader(relation, types, spreadsheet_safe=spreadsheet_safe):
        yield csv_lines(batch)


def header_line(headers: Sequence[str], *, spreadsheet_safe: bool = False) -> bytes:
    """Return the header line."""
    if spreadsheet_safe:
        headers = ["'" + header if header.startswith(_FORMULA_STARTS) else header for header in headers]
    return (",".join(map(_quote, headers)) + LINE_END).encode()


def text_reader(
    relation: duckdb.DuckDBPyRelation, types: Sequence[str], *, spreadsheet_safe: bool = False
) -> pa.RecordBatchReader:
    """Read the rows of a relation with every value as text; columns go by position, as headers may repeat."""
    columns = (
        f"{_text_sql(index + 1, is_escaped=spreadsheet_safe and not _is_plain(kind))} as c{index}"
        for index, kind in enumerate(types)
    )
    return relation.project(", ".join(columns)).to_arrow_reader(_BATCH_ROWS)


def csv_lines(batch: pa.RecordBatch) -> bytes:
    """Return a batch of text columns as CSV lines without a header."""
    frame = pl.from_arrow(batch)
    assert isinstance(frame, pl.DataFrame)
    return (frame.write_csv(include_header=False, line_terminator=LINE_END) or "").encode()


def _next_batch(reader: pa.RecordBatchReader) -> pa.RecordBatch | None:
    try:
        return reader.read_next_batch()
    except StopIteration:
        return None


def _pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Split a batch of large texts, whose CSV takes twice their size."""
    rows = max(1, batch.num_rows * _PIECE_BYTES // max(batch.nbytes, 1))
    for first in range(0, batch.num_rows, rows):
        yield batch.slice(first, rows)


def _text_sql(position: int, *, is_escaped: bool) -> str:
    text = f"cast(#{position} as varchar)"
    if not is_escaped:
        return text
    return f"case when left({text}, 1) in ({_FORMULA_STARTS_SQL}) then chr(39) || {text} else {text} end"


def _is_plain(kind: str) -> bool:
    """Return whether a type holds numbers, dates, times or booleans, not lists."""
    return not kind.endswith("]") and kind.split("(")[0].split(" ")[0].upper() in _PLAIN_TYPES


def _quote(header: str) -> str:
    if header and not _QUOTED_CHARACTERS.intersection(header):
        return header
    return '"' + header.replace('"', '""') + '"'
