"""JSON results: built where the query runs, in short chunks."""

import json
from pathlib import Path

import pytest

import engine
from engine.errors import QueryError
from engine.settings import Settings
from engine.warehouse.querying import json_stream as module
from engine.warehouse.querying import result as results
from engine.warehouse.workers.protocol import MAX_DATA_BYTES


@pytest.fixture(scope="module", params=[0, 1])
def workbench(request, tmp_path_factory):
    """A workbench that queries in this process, and one with a worker."""
    settings = Settings(home=tmp_path_factory.mktemp("json"), query_workers=request.param, threads=1)
    with engine.Workbench(settings=settings) as opened:
        yield opened


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("select range as a, 'é\"' || range as b from range(3)", [[0, 'é"0'], [1, 'é"1'], [2, 'é"2']]),
        ("select 1 as a where false", []),
        ("select 'nan'::double as a, [1, null] as b, {'c': 5} as d", [["nan", [1, None], {"c": 5}]]),
    ],
)  # fmt: skip
def test_a_result_is_one_json_object(workbench: engine.Workbench, sql: str, rows: list[object]):
    answer = json.loads(b"".join(workbench.query_json(sql)))

    assert answer["rows"] == rows
    assert answer["row_count"] == len(rows)
    assert list(answer) == ["columns", "rows", "row_count", "truncated", "seconds", "sql", "notes"]


def test_many_rows_come_in_chunks_that_concatenate(workbench: engine.Workbench):
    pieces = workbench.query_json("select range as a from range(25000)")

    assert len(pieces) > 3
    assert json.loads(b"".join(pieces))["rows"] == [[number] for number in range(25_000)]


def test_a_page_is_truncated(workbench: engine.Workbench):
    answer = json.loads(b"".join(workbench.query_json("from range(9)", limit=2, offset=3)))

    assert (answer["rows"], answer["truncated"]) == ([[3], [4]], True)


def test_too_many_values_are_refused_and_the_next_query_runs(workbench: engine.Workbench):
    with pytest.raises(QueryError, match="The result has 3,000,001 values; the JSON limit is 3,000,000"):
        workbench.query_json("from range(3000001)")
    assert json.loads(b"".join(workbench.query_json("select 1")))["rows"] == [[1]]


def test_a_long_result_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MAX_JSON_BYTES", 1024**2)
    with engine.Workbench(tmp_path) as workbench, pytest.raises(QueryError, match="exceeds 1 MB"):
        workbench.query_json("select repeat('x', 2000000)")


def test_no_value_is_converted_in_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """With a worker, the server sees bytes only."""
    monkeypatch.setattr(results.QueryResult, "frame", None)
    settings = Settings(home=tmp_path, query_workers=1, threads=1)
    with engine.Workbench(settings=settings) as workbench:
        assert json.loads(b"".join(workbench.query_json("select 7")))["rows"] == [[7]]


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_long_value_is_forwarded_in_short_frames(tmp_path: Path, form: str):
    sql = "select repeat('x', 5000000) as a"
    with engine.Workbench(settings=Settings(home=tmp_path, query_workers=1, threads=1)) as workbench:
        pieces = workbench.query_json(sql) if form == "json" else list(workbench.stream_csv(sql))

    assert max(map(len, pieces)) <= MAX_DATA_BYTES
    assert sum(map(len, pieces)) > 5_000_000
