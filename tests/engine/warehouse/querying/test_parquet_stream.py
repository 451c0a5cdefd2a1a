import io

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import engine
from engine.errors import QueryError


@pytest.fixture
def bench(home):
    with engine.Workbench(home) as opened:
        yield opened


def test_a_long_result_comes_in_chunks_and_is_one_file(bench: engine.Workbench):
    pieces = list(bench.stream_parquet("select range as n, 'row ' || range as t from range(250000)"))

    whole = b"".join(pieces)
    assert pq.ParquetFile(io.BytesIO(whole)).metadata.num_row_groups >= 2
    frame = pl.read_parquet(io.BytesIO(whole))
    assert frame["n"].to_list() == list(range(250_000))
    assert frame["t"][-1] == "row 249999"
    assert len(pieces) > 2


def test_no_rows_are_a_file_with_the_columns(bench: engine.Workbench):
    sql = "select 1 as a, 'x' as a, interval 1 day as i, map {'k': 1} as m, 2::hugeint as h where false"

    frame = pl.read_parquet(io.BytesIO(b"".join(bench.stream_parquet(sql))))

    assert frame.height == 0
    assert frame.columns == ["a", "a_2", "i", "m", "h"]
    assert frame.schema["i"] == pl.String


def test_an_invalid_query_is_refused_before_the_first_chunk(bench: engine.Workbench):
    with pytest.raises(QueryError, match='no table "nowhere"'):
        bench.stream_parquet("select * from nowhere")


def test_a_result_in_memory_is_written_unchanged(bench: engine.Workbench, tmp_path):
    result = bench.query("select 1 as a, null as b")

    assert result.to_parquet(tmp_path / "out.parquet") == 1
    assert pl.read_parquet(tmp_path / "out.parquet").rows() == [(1, None)]
    with pytest.raises(engine.WorkbenchError, match="cannot be written"):
        result.to_parquet(tmp_path / "missing" / "out.parquet")


@pytest.mark.parametrize("rows", [0, 3])
def test_an_enum_is_plain_text_in_both_files(bench: engine.Workbench, tmp_path, rows: int):
    sql = f"select 'a'::enum('b', 'a') as e from range({rows})"

    bench.query(sql).to_parquet(tmp_path / "page.parquet")
    (tmp_path / "stream.parquet").write_bytes(b"".join(bench.stream_parquet(sql)))

    for name in ("page", "stream"):
        table = pq.read_table(tmp_path / f"{name}.parquet")
        assert table.schema.field("e").type == pa.string()
        assert table["e"].to_pylist() == ["a"] * rows
