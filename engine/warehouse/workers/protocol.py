"""What the server and its query workers say to each other: frames of a kind, a length and bytes.

Requests are pickled, for the server is trusted by its workers. Answers are JSON and Arrow only: nothing that a worker
sends is ever run, as it has read a stranger's query.
"""

from __future__ import annotations

import json
import pickle
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, Literal

import engine.errors
from engine.errors import QueryError, WorkbenchError
from engine.settings import Settings
from engine.warehouse.querying.page import Page
from engine.warehouse.querying.request import Question
from engine.warehouse.querying.session import Attachment, WarehouseGoneError
from engine.warehouse.workers.task import Task

_HEAD = struct.Struct("!cQ")
_GREATEST_FRAME = 1 << 34
MAX_DATA_BYTES = 1 << 20
"""The longest frame of a file."""

REQUEST, CANCEL, TABLES, MESSAGE, DATA, END = b"R", b"C", b"T", b"M", b"D", b"E"


FileFormat = Literal["csv", "parquet", "json"]


@dataclass(frozen=True)
class Request:
    """One query for a worker: all that a session needs.

    `page` tells which rows; `file` asks for the whole result as a file of that format, of
    which a CSV may be `spreadsheet_safe`; for "json" it asks for the page as the text of one answer. With a
    `task` it is that which is run, and it may read the files in `folders`.
    """

    attached: Sequence[Attachment]
    current: str | None
    settings: Settings
    temp_dir: Path
    macros: Path | None
    sql: Question
    page: Page
    file: FileFormat | None = None
    spreadsheet_safe: bool = False
    task: Task[object] | None = None
    folders: Sequence[Path] = ()

    def packed(self) -> bytes:
        """Return the request as bytes."""
        return pickle.dumps(self)


def unpacked(data: bytes) -> Request:
    """Return a request from its bytes, which come from the server that started this worker."""
    request = pickle.loads(data)
    assert isinstance(request, Request)
    return request


def send(stream: BinaryIO, kind: bytes, data: bytes | memoryview = b"") -> None:
    """Write one frame."""
    stream.write(_HEAD.pack(kind, len(data)))
    stream.write(data)
    stream.flush()


def send_data(stream: BinaryIO, data: bytes) -> None:
    """Write bytes as frames that a server passes on one by one, so that none keeps it long."""
    view = memoryview(data)
    for start in range(0, len(view), MAX_DATA_BYTES):
        send(stream, DATA, view[start : start + MAX_DATA_BYTES])


def send_message(stream: BinaryIO, message: Mapping[str, Any]) -> None:
    """Write a message as JSON."""
    send(stream, MESSAGE, json.dumps(message).encode())


def receive(stream: BinaryIO) -> tuple[bytes, bytes]:
    """Read one frame; raises `EOFError` when the other side has gone."""
    kind, length = _HEAD.unpack(_exactly(stream, _HEAD.size))
    if length > _GREATEST_FRAME:
        raise EOFError("not a frame")
    return kind, _exactly(stream, length)


def error_data(error: WorkbenchError) -> dict[str, Any]:
    """Return an error as data."""
    names = ("message", "where", "hint", "line", "column", "caret")
    return {"kind": type(error).__name__} | {name: getattr(error, name) for name in names if hasattr(error, name)}


def error_from(data: Mapping[str, Any]) -> WorkbenchError:
    """Return the error that `error_data` turned into data; an unknown kind is a plain `WorkbenchError`."""
    message, hint = str(data["message"]), str(data.get("hint", ""))
    if data["kind"] == WarehouseGoneError.__name__:
        return WarehouseGoneError(message, where=str(data.get("where", "")), hint=hint)
    kind = getattr(engine.errors, str(data["kind"]), WorkbenchError)
    if kind is QueryError:
        line, column = data.get("line"), data.get("column")
        return QueryError(message, line=line, column=column, caret=str(data.get("caret", "")), hint=hint)
    if not (isinstance(kind, type) and issubclass(kind, WorkbenchError)) or kind is engine.errors.SchemaError:
        kind = WorkbenchError
    return kind(message, where=str(data.get("where", "")), hint=hint)


class DataFrames(RawIOBase):
    """A file to write into, whose bytes become frames."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def writable(self) -> bool:
        """Return that it is for writing."""
        return True

    def write(self, data: Any) -> int:
        """Send the bytes as a frame."""
        view = memoryview(data).cast("B")
        send(self._stream, DATA, view)
        return len(view)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if data is None or len(data) < length:
        raise EOFError("the other side has gone")
    return data
