"""The worker's side of the protocol, without a process."""

import io
import json
import os
import resource
import threading
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.settings import Settings
from engine.warehouse.querying.page import Page
from engine.warehouse.querying.request import Question
from engine.warehouse.workers import worker as module
from engine.warehouse.workers.protocol import (
    CANCEL,
    DATA,
    END,
    MESSAGE,
    REQUEST,
    TABLES,
    Request,
    receive,
    send,
    unpack,
)
from engine.warehouse.workers.worker import Worker

ENDLESS = "select count(*) from range(100000000000) a, range(1000) b where hash(a.range + b.range) = 5"
SIZES = module._process_sizes


@pytest.fixture(autouse=True)
def no_limit(monkeypatch):
    """Leave this process without a limit, as on a system that does not report its size."""
    monkeypatch.setattr(module, "_process_sizes", lambda: (0, 0))


def request(folder, sql, limit=None, file=None):
    settings = Settings(home=folder, threads=1)
    return Request([], None, settings, folder, None, Question(sql), Page(limit), file).pack()


def run_worker(tmp_path, sql, limit=None, file=None, worker=None):
    """Return the frames of the response: messages as dicts, data joined."""
    out = io.BytesIO()
    worker = worker or Worker(io.BytesIO(), out)
    worker._outgoing = out
    worker._tables.put(["shop__orders"])
    worker._handle(unpack(request(tmp_path, sql, limit, file)))
    messages, data, end = [], b"", False
    out.seek(0)
    while out.tell() < len(out.getbuffer()):
        kind, content = receive(out)
        if kind == MESSAGE:
            messages.append(json.loads(content))
        elif kind == DATA:
            data += content
        else:
            end = kind == END
    return messages, data, end


def test_a_result_is_a_head_and_arrow_data(tmp_path):
    (head,), data, end = run_worker(tmp_path, "select 1 as a, 'x' as a", limit=5)
    assert head["result"]["columns"] == [["a", "INTEGER"], ["a", "VARCHAR"]]
    assert (head["result"]["truncated"], head["result"]["notes"], end) == (False, [], True)
    assert pa.ipc.open_stream(data).read_all().to_pydict() == {"c0": [1], "c1": ["x"]}


def test_queries_of_one_worker_use_one_instance_in_turn(tmp_path):
    worker = Worker(io.BytesIO(), io.BytesIO())
    used = []
    for sql in ("select 1 as a", "select * from read_text('/etc/passwd')", "select 2 as a"):
        run_worker(tmp_path, sql, worker=worker)
        used.append(*worker._instances._kept._idle)
    assert used[0] is used[1] is used[2]


def test_a_csv_is_its_text_and_its_rows(tmp_path):
    messages, data, _ = run_worker(tmp_path, "select 1 as a, null as b", file="csv")
    assert messages == [{"file": "csv"}, {"rows": 1}]
    assert data == b"a,b\r\n1,\r\n"


def test_a_parquet_file_is_whole(tmp_path):
    messages, data, _ = run_worker(tmp_path, "select range as n from range(3)", file="parquet")
    assert messages == [{"file": "parquet"}, {"rows": 3}]
    assert pq.read_table(io.BytesIO(data)).to_pydict() == {"n": [0, 1, 2]}


def test_an_error_is_sent_with_its_position(tmp_path):
    messages, data, _ = run_worker(tmp_path, "select\n nope")
    assert messages[-1]["error"]["kind"] == "QueryError"
    assert (messages[-1]["error"]["message"], messages[-1]["error"]["line"]) == ('There is no column "nope".', 2)
    assert data == b""


def test_an_unknown_table_requests_the_names_from_the_server(tmp_path):
    messages, _, _ = run_worker(tmp_path, "select * from order_s")
    assert messages[0] == {"needs": "tables"}
    assert "shop__orders" in messages[1]["error"]["hint"]


def test_a_result_beyond_what_can_be_shown(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_RESULT_BYTES", 1024**2)
    messages, data, _ = run_worker(tmp_path, "select repeat('x', 3000000)")
    assert messages[0]["error"]["message"] == "The result has 3 MB; the limit is 1 MB."
    assert data == b""


def test_a_cancellation_before_the_session(tmp_path):
    worker = Worker(io.BytesIO(), io.BytesIO())
    worker._cancel()
    messages, _, _ = run_worker(tmp_path, "select 1", worker=worker)
    assert messages[0]["error"]["message"] == "The query was cancelled."


def test_an_out_of_memory_error_says_how_to_raise_the_limit(tmp_path):
    error = module.out_of_memory(Settings(home=tmp_path, query_memory_mb=1500))
    assert error.message == "The query exceeded its memory limit of 1,500 MB."
    assert error.hint == "Read fewer rows or columns, or raise DW_SIM_QUERY_MEMORY_MB."


def test_a_worker_warms_up_and_listens_until_its_server_closes(tmp_path, monkeypatch):
    has_gone = threading.Event()

    def leave(status):
        assert status == 0
        has_gone.set()
        if threading.current_thread() is serving:
            raise SystemExit

    def serve():
        with suppress(SystemExit):
            worker.run()

    monkeypatch.setattr(module.os, "_exit", leave)
    (their_end, our_requests), (our_answers, their_answers) = os.pipe(), os.pipe()
    theirs = os.fdopen(their_end, "rb"), os.fdopen(their_answers, "wb")
    worker = Worker(*theirs)
    serving = threading.Thread(target=serve, daemon=True)
    serving.start()
    with os.fdopen(our_requests, "wb") as to, os.fdopen(our_answers, "rb") as back:

        def query(sql):
            send(to, REQUEST, request(tmp_path, sql))
            return json.loads(receive(back)[1])

        assert json.loads(receive(back)[1]) == {"ready": os.getpid()}
        assert query("select * from nope_here") == {"needs": "tables"}
        send(to, TABLES, b"shop__orders\nshop__customers")
        assert "shop__orders, shop__customers" in json.loads(receive(back)[1])["error"]["hint"]
        send(to, REQUEST, request(tmp_path, ENDLESS))
        send(to, CANCEL)
        assert json.loads(receive(back)[1])["error"]["kind"] == "QueryError"
        monkeypatch.setattr(module, "_process_sizes", lambda: (0, 1 << 50))  # it has grown too large for another query
        send(to, REQUEST, request(tmp_path, "select 1"))
        serving.join(120)
        assert has_gone.is_set()
        has_gone.clear()
    assert has_gone.wait(10)
    for stream in theirs:
        stream.close()


def test_its_sizes_are_those_of_the_system():
    address_space, resident = SIZES()
    pages = [int(number) for number in Path("/proc/self/statm").read_text().split()[:2]]
    assert (address_space, resident) == pytest.approx(
        [number * os.sysconf("SC_PAGE_SIZE") for number in pages], rel=0.1
    )


def test_the_limit_is_its_own_size_the_querys_memory_and_the_overhead(monkeypatch):
    limits = []
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (-1, -1))
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limit: limits.append((kind, limit)))
    module._limit_address_space(5_000_000, 100)
    module._limit_address_space(0, 100)
    assert limits == [(resource.RLIMIT_AS, (5_000_000 + (100 + module.OVERHEAD_MB) * 1024**2, -1))]


@pytest.mark.parametrize("error", [MemoryError(), pa.ArrowMemoryError("x")])
def test_a_worker_out_of_memory_reports_it_and_exits(tmp_path, monkeypatch, error):
    def fail(*arguments, **options):
        raise error

    ended = []
    monkeypatch.setattr(module, "open_session", fail)
    monkeypatch.setattr(module.os, "_exit", ended.append)
    messages, _, _ = run_worker(tmp_path, "select 1")
    assert messages[0]["error"]["message"] == "The query exceeded its memory limit of 2,048 MB."
    assert ended == [0]


def test_any_other_failure_is_a_query_error(tmp_path, monkeypatch):
    def fail(*arguments, **options):
        raise RuntimeError("odd\nmore")

    monkeypatch.setattr(module, "open_session", fail)
    messages, _, _ = run_worker(tmp_path, "select 1")
    assert messages[0]["error"]["message"] == "The query failed: odd"
