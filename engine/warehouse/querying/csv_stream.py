"""CSV as RFC 4180 has it: a header line always, CRLF, quotes only where needed, NULL as nothing.

An empty text is `""`, so that it differs from NULL. DuckDB turns every value into text (its own spelling: ISO dates,
`2024-05-01 12:00:00+00`, `true`), Polars adds the quotes, batch by batch: memory does not grow with the result.

Spreadsheets run a cell that begins with = + - @, a tab or a carriage return as a formula. `spreadsheet_safe` puts a
single quote in front of such texts and headers; numbers, dates, times and booleans stay as they are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa

from engine.errors import WorkbenchError
from engine.sql.translation import Translation
from engine.system.durable_files import write_atomically
from engine.warehouse.querying.binding import bind
from engine.warehouse.querying.deadline import Deadline
from engine.warehouse.querying.query_text import QueryText
from engine.warehouse.querying.request import Question
from engine.warehouse.querying.session import Session
from engine.warehouse.querying.statement import one_statement

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
    """The CSV of a whole query in chunks, the header first; it owns its session and ends it.

    `rows` counts the rows handed out so far.
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
        """End the query and its session; harmless when it has ended."""
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
    """Start a query and return its CSV, which ends the session when it is exhausted or closed.

    What is wrong with the query is raised here as `QueryError`, and so is what fails within its first rows.
    """
    seconds = session.settings.query_timeout_seconds if timeout_seconds is None else timeout_seconds
    try:
        text = one_statement(session.connection, sql)
        return CsvStream(session, text, seconds, spreadsheet_safe=spreadsheet_safe)
    except BaseException:
        session.close()
        raise


def write_csv(path: Path, chunks: Iterable[bytes]) -> None:
    """Write the chunks to `path`, whole or not at all; raises `WorkbenchError` when the file cannot be written."""
    try:
        with write_atomically(path) as temporary, temporary.open("xb") as file:
            file.writelines(chunks)
    except OSError as error:
        raise WorkbenchError(
            f"The file cannot be written: {error.strerror or error}.",
            where=str(path),
            hint="Name a file in a folder that exists, where you may write and the disk has room.",
        ) from error


def result_chunks(
    relation: duckdb.DuckDBPyRelation, headers: Sequence[str], types: Sequence[str], *, spreadsheet_safe: bool = False
) -> Iterator[bytes]:
    """Yield a relation as CSV under these headers; `types` are those of the query, some of which are text by now."""
    yield header_line(headers, spreadsheet_safe=spreadsheet_safe)
    for batch in text_reader(relation, types, spreadsheet_safe=spreadsheet_safe):
        yield csv_lines(batch)


def header_line(headers: Sequence[str], *, spreadsheet_safe: bool = False) -> bytes:
    """Return the line of the headers."""
    if spreadsheet_safe:
        headers = ["'" + header if header.startswith(_FORMULA_STARTS) else header for header in headers]
    return (",".join(map(_quoted, headers)) + LINE_END).encode()


def text_reader(
    relation: duckdb.DuckDBPyRelation, types: Sequence[str], *, spreadsheet_safe: bool = False
) -> pa.RecordBatchReader:
    """Return the rows of a relation with every value as text; columns go by position, as headers may repeat."""
    columns = (
        f"{_text_sql(index + 1, is_escaped=spreadsheet_safe and not _is_plain(kind))} as c{index}"
        for index, kind in enumerate(types)
    )
    return relation.project(", ".join(columns)).to_arrow_reader(_BATCH_ROWS)


def csv_lines(batch: pa.RecordBatch) -> bytes:
    """Return a batch of texts as CSV lines without a header."""
    frame = pl.from_arrow(batch)
    assert isinstance(frame, pl.DataFrame)
    return (frame.write_csv(include_header=False, line_terminator=LINE_END) or "").encode()


def _next_batch(reader: pa.RecordBatchReader) -> pa.RecordBatch | None:
    try:
        return reader.read_next_batch()
    except StopIteration:
        return None


def _pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Cut a batch of huge texts, whose CSV takes twice their size."""
    rows = max(1, batch.num_rows * _PIECE_BYTES // max(batch.nbytes, 1))
    for first in range(0, batch.num_rows, rows):
        yield batch.slice(first, rows)


def _text_sql(position: int, *, is_escaped: bool) -> str:
    text = f"cast(#{position} as varchar)"
    if not is_escaped:
        return text
    return f"case when left({text}, 1) in ({_FORMULA_STARTS_SQL}) then chr(39) || {text} else {text} end"


def _is_plain(kind: str) -> bool:
    """Whether the values of a type are numbers, dates, times or booleans, and no list of them."""
    return not kind.endswith("]") and kind.split("(")[0].split(" ")[0].upper() in _PLAIN_TYPES


def _quoted(header: str) -> str:
    if header and not _QUOTED_CHARACTERS.intersection(header):
        return header
    return '"' + header.replace('"', '""') + '"'
