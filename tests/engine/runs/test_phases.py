"""The phases of a run: what is done of each, of each table and of the whole never falls, and is true at the edges."""

from itertools import pairwise
from pathlib import Path

import pytest

import engine
from engine.errors import CancelledError
from tests.engine.conftest import SHOP


@pytest.fixture
def shop(home: Path) -> engine.Experiment:
    return engine.Workbench(settings=engine.Settings(home, chunk_rows=20)).create(SHOP)


def stop_after(shop: engine.Experiment, rows: int) -> engine.Run:
    def cancel(now: engine.RunProgress) -> None:
        if now.rows_done >= rows:
            shop.cancel(now.run_id)

    with pytest.raises(CancelledError):
        shop.generate(seed=1, progress=cancel)
    return shop.runs()[0]


def fractions_of_tables(now: engine.RunProgress) -> float:
    return sum(table.fraction * table.rows_total for table in now.tables) / now.rows_total


@pytest.mark.parametrize("load", [True, False])
def test_tables_move_together_with_the_total(shop: engine.Experiment, load: bool):
    told: list[engine.RunProgress] = []
    shop.generate(seed=1, load=load, progress=told.append)

    for before, now in pairwise(told):
        assert now.fraction >= before.fraction
        assert all(new.fraction >= old.fraction for new, old in zip(now.tables, before.tables, strict=True))
    assert [now.fraction for now in told] == pytest.approx([fractions_of_tables(now) for now in told])
    for now in told:
        is_loading = now.phase in ("loading", "done") or not load
        assert is_loading or all(table.fraction < 1 for table in now.tables)
    assert [phase.name for phase in told[0].phases] == ["waiting", "generating", "loading"][: 3 if load else 2]


def test_each_phase_has_its_own_progress(shop: engine.Experiment):
    told: list[engine.RunProgress] = []
    shop.generate(seed=1, progress=told.append)

    done = [[(phase.rows_done, phase.fraction) for phase in now.phases[1:]] for now in told]
    assert done[0] == [(20, pytest.approx(20 / 70)), (0, 0)]
    assert done[4:] == [
        [(70, 1), (0, 0)],
        [(70, 1), (20, pytest.approx(20 / 70))],
        [(70, 1), (70, 1)],
        [(70, 1), (70, 1)],
    ]
    assert [now.current and now.current.name for now in told[-3:]] == ["loading", "loading", None]


def test_a_resumed_run_starts_from_what_it_kept(shop: engine.Experiment):
    run = stop_after(shop, 40)
    kept = sum(run.row_counts.values())
    told: list[engine.RunProgress] = []
    shop.resume(run.id, progress=told.append)

    assert kept == 40
    assert [(now.phase, now.rows_done) for now in told[:3]] == [("waiting", 40)] * 3
    assert [now.phases[0].rows_done for now in told[:3]] == [0, 20, 40]
    assert min(now.rows_done for now in told) == 40
    fractions = [now.fraction for now in told]
    assert fractions == sorted(fractions)


def test_a_kept_file_that_is_damaged_does_not_count(shop: engine.Experiment, home: Path):
    run = stop_after(shop, 40)
    (home / "experiments/shop/runs/1/customers/part-00000.parquet").write_bytes(b"gone")
    told: list[engine.RunProgress] = []
    shop.resume(run.id, progress=told.append)

    assert [now.rows_done for now in told[:3]] == [40, 20, 20]
    assert told[-1].rows_done == 70


def test_a_cancel_stops_the_load_between_tables(shop: engine.Experiment):
    shop.generate(seed=1, progress=lambda now: None)

    def cancel(now: engine.RunProgress) -> None:
        if now.phase == "loading":
            shop.cancel(now.run_id)

    with pytest.raises(CancelledError):
        shop.generate(seed=2, progress=cancel)

    assert (shop.run(2).status, shop.run(2).traceback) == ("ABORTED", None)
    assert shop.loaded_run_id == 1
    assert sum(shop.run(2).row_counts.values()) == 70


def test_the_runs_of_all_experiments_are_listed(home: Path):
    with engine.Workbench(settings=engine.Settings(home, chunk_rows=20)) as bench:
        shop, other = bench.create(SHOP), bench.create(SHOP, name="other")
        seen: list[list[tuple[str, str]]] = []

        def look(_now: engine.RunProgress) -> None:
            seen.append([(run.experiment, now.phase) for run, now in bench.current_runs()])

        first = shop.generate(seed=1, progress=lambda now: None)
        other.generate(seed=1, progress=look)

        assert seen[0] == [("other", "generating")]
        assert bench.current_runs() == []
        ended = bench.current_runs(ended_after=first.started_at)
        assert [(run.experiment, run.status, now.fraction) for run, now in ended] == [
            ("other", "COMPLETED", 1),
            ("shop", "COMPLETED", 1),
        ]


def test_a_run_whose_process_died_is_not_listed_as_running(home: Path):
    with engine.Workbench(home) as bench:
        bench.create(SHOP)
        bench._services.catalog.start_run("shop", 1, {"customers": 1, "orders": 1})

        assert bench.current_runs() == []
        assert bench["shop"].runs()[0].status == "ABORTED"
