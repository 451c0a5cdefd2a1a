import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from engine.errors import CancelledError, RuleError
from engine.generation.batches import MAX_BATCH, MAX_CODED
from engine.generation.requested_counts import row_counts
from engine.generation.writer import FileWriter, Hooks, Turns, plan_run, write_run
from engine.schema.files import read_schema
from tests.engine.generation.lab import DAYS, ROWS, frame, lab, previewed, written


@pytest.mark.parametrize("chunk_rows", [1_000, 7_919, ROWS])
def test_the_preview_is_the_run_regardless_of_the_chunks(tmp_path: Path, chunk_rows: int):
    files = written(lab(), tmp_path, visits=ROWS, chunk_rows=chunk_rows)

    assert frame(files["visits"]).equals(previewed(lab(), ROWS))
    assert frame(files["people"]).equals(previewed(lab(), 300, table="people"))
    assert frame(files["days"]).equals(previewed(lab(), 40, table="days"))


@pytest.mark.parametrize(
    ("rows", "chunk_rows", "parts"),
    [(0, 10, [0]), (1, 10, [1]), (10, 10, [10]), (11, 10, [10, 1]), (25, 10, [10, 10, 5])],
)
def test_rows_are_exact_and_cut_into_parts(tmp_path: Path, rows: int, chunk_rows: int, parts: list[int]):
    files = written(lab(), tmp_path, visits=rows, chunk_rows=chunk_rows)["visits"]

    assert [file.name for file in files] == [f"part-{number:05d}.parquet" for number in range(len(parts))]
    assert [frame([file]).height for file in files] == parts


def test_an_empty_table_has_its_columns(tmp_path: Path):
    files = written(lab(), tmp_path, visits=0, chunk_rows=10)

    assert frame(files["visits"]).schema == previewed(lab(), 0).schema


def test_nothing_unfinished_is_left(tmp_path: Path):
    files = written(lab(), tmp_path, visits=100, chunk_rows=30)

    assert sorted(tmp_path.rglob("*.*")) == sorted(path for paths in files.values() for path in paths)


def test_progress_is_reported_after_every_chunk(tmp_path: Path):
    told: list[tuple[str, int]] = []
    hooks = Hooks(on_rows=lambda table, rows: told.append((table, rows)), is_cancelled=lambda: False)

    written(lab(), tmp_path, visits=250, chunk_rows=100, hooks=hooks)

    assert told[-3:] == [("visits", 100), ("visits", 200), ("visits", 250)]
    assert [table for table, _ in told] == ["people"] * 3 + ["days"] + ["visits"] * 3


def test_a_cancelled_run_stops_before_the_next_chunk(tmp_path: Path):
    told: list[tuple[str, int]] = []
    hooks = Hooks(on_rows=lambda table, rows: told.append((table, rows)), is_cancelled=lambda: ("visits", 200) in told)

    with pytest.raises(CancelledError) as caught:
        written(lab(), tmp_path, visits=1_000, chunk_rows=100, hooks=hooks)

    assert caught.value.where == "visits"
    assert told[-1] == ("visits", 200)
    kept = sorted((tmp_path / "visits").iterdir())
    assert [path.name for path in kept] == ["part-00000.parquet", "part-00001.parquet"]
    assert frame(kept).equals(previewed(lab(), 200, visits=1_000))


def test_what_cannot_be_made_is_known_before_the_first_row():
    schema = lab()

    with pytest.raises(RuleError, match="366") as caught:
        plan_run(schema, 1, row_counts(schema, {"days": 367}))

    assert caught.value.where == f"days.{DAYS[0]['name']}"


def test_a_file_has_texts_however_they_are_written(tmp_path: Path):
    names = [f"name {number}" for number in range(MAX_CODED + 1)]
    columns = [
        {"name": "id", "data_type": "BIGINT"},
        {
            "name": "state",
            "data_type": "VARCHAR(9)",
            "values": ["new", "old", "x"],
            "required": False,
            "null_fraction": 0.1,
        },
        {"name": "many", "data_type": "VARCHAR(20)", "values": names},
        {"name": "seen_at", "data_type": "TIMESTAMPTZ"},
        {"name": "free", "data_type": "VARCHAR(20)", "faker_rule": "last_name"},
    ]
    schema = read_schema({"name": "s", "tables": [{"name": "t", "primary_key": ["id"], "columns": columns}]})
    plans = plan_run(schema, 1, {"t": 5_000})
    hooks = Hooks(on_rows=lambda table, rows: None, is_cancelled=lambda: False)
    (file,) = write_run(plans, lambda key: tmp_path / key, chunk_rows=5_000, hooks=hooks)["t"]

    made = plans[0].frame(0, 5_000).collect()
    coded = plans[0].compiler.frame(0, 1, FileWriter(plans[0]).outputs).collect().schema
    assert [name for name, dtype in coded.items() if isinstance(dtype, pl.Enum)] == ["state", "free"]
    assert pl.read_parquet(file).equals(made)
    assert pl.read_parquet_schema(file) == made.schema
    made.write_parquet(tmp_path / "plain.parquet")
    assert pq.read_schema(file) == pq.read_schema(tmp_path / "plain.parquet")


@pytest.mark.parametrize(("batch", "at_once"), [(MAX_BATCH, 2), (2_048, 1)])
def test_two_chunks_of_a_narrow_table_are_made_at_once_and_none_of_the_next(batch: int, at_once: int):
    turns = Turns()
    running: list[str] = []
    seen: list[tuple[str, ...]] = []
    both = threading.Barrier(at_once)

    def make(table: str) -> None:
        with turns.of(table, batch):
            running.append(table)
            both.wait(10)  # breaks unless so many run at once
            seen.append(tuple(running))
            both.wait(10)
            running.remove(table)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(make, ["a", "a", "b", "b"]))
    assert len(seen) == 4
    assert all(len(found) == at_once and len(set(found)) == 1 for found in seen)
