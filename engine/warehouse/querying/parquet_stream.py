"""A query's whole result as one Parquet file, in chunks: memory holds one row group at a time.

A Parquet file can be streamed, as its index is the footer at the end.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa

from engine.sql.translation import Translation
from engine.warehouse.querying.binding import bind
from engine.warehouse.querying.deadline import Deadline
from engine.warehouse.querying.execution import cast_unsupported
from engine.warehouse.querying.query_text import QueryText
from engine.warehouse.querying.request import Question
from engine.warehouse.querying.result import plain_schema, unique_headers
from engine.warehouse.querying.session import Session
from engine.warehouse.querying.statement import statement_of

if TYPE_CHECKING:
    import pyarrow.parquet as pq

_ROW_GROUP_ROWS = 100_000


class ParquetStream(Iterator[bytes]):
    """The Parquet file of a whole query in chunks; it owns its session and closes it.

    `rows` counts the rows written so far. Types that are shown as text (INTERVAL, MAP, ...) are text in the file too;
    a repeated header gets a suffix.
    """

    def __init__(self, session: Session, text: QueryText, timeout_seconds: float) -> None:
        import pyarrow.parquet as pq

        self.rows = 0
        self._session = session
        self._text = text
        self._deadline = Deadline(session, timeout_seconds)
        self._sink = _Sink()
        with self._deadline.running(text):
            relation = bind(session, text)
            self._names = unique_headers(relation.columns)
            self._reader = cast_unsupported(relation).to_arrow_reader(_ROW_GROUP_ROWS)
            self._schema = plain_schema(pa.schema([field.with_name(name) for field, name in self._fields()]))
            self._writer: pq.ParquetWriter | None = pq.ParquetWriter(self._sink, self._schema, compression="zstd")

    def __next__(self) -> bytes:
        while self._writer is not None:
            try:
                with self._deadline.running(self._text):
                    self._write_group(self._writer)
            except BaseException:
                self.close()
                raise
            if written := self._sink.drain():
                return written
        self.close()
        raise StopIteration

    def close(self) -> None:
        """Close the query and its session; does nothing when they are closed."""
        self._writer = None
        self._reader.close()
        self._session.close()

    def _fields(self) -> Iterator[tuple[pa.Field, str]]:
        return zip(self._reader.schema, self._names, strict=True)

    def _write_group(self, writer: pq.ParquetWriter) -> None:
        """Write the next rows as a row group, or the footer after the last ones."""
        try:
            batch = self._reader.read_next_batch()
        except StopIteration:
            writer.close()
            self._writer = None
            return
        self.rows += batch.num_rows
        writer.write_batch(batch.rename_columns(self._names).cast(self._schema))


class _Sink(io.RawIOBase):
    """A write-only buffer that counts all bytes written and is emptied by `drain()`."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._position = 0

    def writable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the number of bytes written so far."""
        return self._position

    def write(self, data: object) -> int:
        """Add bytes."""
        piece = bytes(data)  # type: ignore[call-overload]
        self._pieces.append(piece)
        self._position += len(piece)
        return len(piece)

    def drain(self) -> bytes:
        """Return the bytes written since the last call."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def open_parquet_stream(session: Session, sql: str | Translation | Question) -> ParquetStream:
    """Start a query and return its Parquet stream, which closes the session at its end or on `close()`.

    Raises `QueryError` for errors in the query.
    """
    try:
        text = statement_of(session, sql)
        return ParquetStream(session, text, session.settings.query_timeout_seconds)
    except BaseException:
        session.close()
        raise
