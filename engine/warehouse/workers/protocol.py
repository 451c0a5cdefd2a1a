"""The protocol between the server and its query workers: frames of a kind, a length and bytes.

Requests are pickled, as workers trust the server. Responses are JSON and Arrow only: nothing from a worker is ever
executed, as it has run an untrusted query.
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
_MAX_FRAME_BYTES = 1 << 34
MAX_DATA_BYTES = 1 << 20
"""The maximum length of a file's frame."""

REQUEST, CANCEL, TABLES, MESSAGE, DATA, END = b"R", b"C", b"T", b"M", b"D", b"E"


FileFormat = Literal["csv", "parquet", "json"]


@dataclass(frozen=True)
class Request:
    """One query for a worker, with all that its session needs.

    `page` selects the rows; `file` requests the whole result as a file of that format (CSV may be `spreadsheet_safe`),
    or the page as JSON text. A `task` runs instead of the query and may read the files in `folders`.
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

    def pack(self) -> bytes:
        """Pickle the request."""
        return pickle.dumps(self)


def unpack(data: bytes) -> Request:
    """Unpickle a request, which comes from the server that started this worker."""
    request = pickle.loads(data)
    assert isinstance(request, Request)
    return request


def send(stream: BinaryIO, kind: bytes, data: bytes | memoryview = b"") -> None:
    """Write one frame."""
    stream.write(_HEAD.pack(kind, len(data)))
    stream.write(data)
    stream.flush()


def send_data(stream: BinaryIO, data: bytes) -> None:
    """Write bytes as short frames, which a server forwards one by one."""
    view = memoryview(data)
    for start in range(0, len(view), MAX_DATA_BYTES):
        send(stream, DATA, view[start : start + MAX_DATA_BYTES])


def send_message(stream: BinaryIO, message: Mapping[str, Any]) -> None:
    """Write a message as JSON."""
    send(stream, MESSAGE, json.dumps(message).encode())


def receive(stream: BinaryIO) -> tuple[bytes, bytes]:
    """Read one frame; raises `EOFError` when the other side is closed."""
    kind, length = _HEAD.unpack(_read_exactly(stream, _HEAD.size))
    if length > _MAX_FRAME_BYTES:
        raise EOFError("not a frame")
    return kind, _read_exactly(stream, length)


def error_data(error: WorkbenchError) -> dict[str, Any]:
    """Return an error as data."""
    names = ("message", "where", "hint", "line", "column", "caret")
    return {"kind": type(error).__name__} | {name: getattr(error, name) for name in names if hasattr(error, name)}


def error_from(data: Mapping[str, Any]) -> WorkbenchError:
    """Return the error of `error_data`; an unknown kind becomes a plain `WorkbenchError`."""
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
    """A writable file whose bytes are sent as frames."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: Any) -> int:
        """Send the bytes as a frame."""
        view = memoryview(data).cast("B")
        send(self._stream, DATA, view)
        return len(view)


def _read_exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if data is None or len(data) < length:
        raise EOFError("the other side has gone")
    return data
