import io

import pytest

from engine.errors import BusyError, NotFoundError, Problem, QueryError, SchemaError, WorkbenchError
from engine.warehouse.querying.session import WarehouseGoneError
from engine.warehouse.workers.protocol import DATA, END, DataFrames, error_data, error_from, receive, send


def test_frames_are_received_as_sent():
    stream = io.BytesIO()
    send(stream, DATA, b"abc")
    send(stream, END)
    stream.seek(0)
    assert [receive(stream), receive(stream)] == [(DATA, b"abc"), (END, b"")]


@pytest.mark.parametrize("data", [b"", b"D\0", b"D\0\0\0\0\0\0\0\5abc", b"D\xff\xff\xff\xff\xff\xff\xff\xff"])
def test_a_stream_that_ends_within_a_frame(data):
    with pytest.raises(EOFError):
        receive(io.BytesIO(data))


def test_what_is_written_becomes_frames():
    stream = io.BytesIO()
    with io.BufferedWriter(DataFrames(stream), 4) as file:
        file.write(b"abc")
        file.write(b"defghi")
    stream.seek(0)
    found = b""
    while stream.tell() < len(stream.getbuffer()):
        found += receive(stream)[1]
    assert found == b"abcdefghi"


@pytest.mark.parametrize(
    "error",
    [
        QueryError("no", line=2, column=3, caret="x\n ^", hint="so"),
        QueryError("no place"),
        NotFoundError("gone", where="shop", hint="look"),
        BusyError("busy"),
        WarehouseGoneError("swept", where="a.duckdb"),
        WorkbenchError("else"),
    ],
)
def test_an_error_keeps_its_type_and_fields(error):
    again = error_from(error_data(error))
    assert type(again) is type(error)
    for name in ("message", "where", "hint", "line", "column", "caret"):
        assert getattr(again, name, None) == getattr(error, name, None)


def test_an_error_of_many_problems_becomes_a_plain_one():
    again = error_from(error_data(SchemaError([Problem("a", "b", "c")], source="x")))
    assert type(again) is WorkbenchError
    assert again.message


@pytest.mark.parametrize("kind", ["Nothing", "Problem", "did_you_mean", "__doc__"])
def test_an_unknown_kind_of_error_is_a_workbench_error(kind):
    assert type(error_from({"kind": kind, "message": "m"})) is WorkbenchError
