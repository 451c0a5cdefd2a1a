import json

import pytest

import engine
from engine.generation.estimates import Estimate
from engine.generation.timings import Earlier, RunTiming, TableTiming, expected_share, learn_table, loading_seconds

FAST = RunTiming("shop", 2, {"orders": TableTiming(1000, 1.0, 10_000)}, 0.5, 10_000)
SLOW = RunTiming("shop", 1, {"orders": TableTiming(1000, 3.0, 30_000)}, 1.5, 10_000)
OTHER = RunTiming("crm", 7, {"orders": TableTiming(1000, 9.0, 90_000)}, 5.0, 10_000)
LATER = RunTiming("shop", 3, {"orders": TableTiming(1000, 7.0, 70_000)}, 2.5, 10_000, schema_version=2)


def test_a_table_takes_as_long_as_in_earlier_runs():
    learned = learn_table(Earlier([LATER, FAST, SLOW, OTHER], "shop"), "orders", 4000)

    assert learned is not None
    assert (learned.seconds, learned.size_bytes, learned.run_ids) == (8.0, 80_000, {1, 2})


@pytest.mark.parametrize(("experiment", "table", "rows"), [("shop", "lines", 10), ("new", "orders", 10)])
def test_nothing_is_learned_from_other_tables(experiment: str, table: str, rows: int):
    assert learn_table(Earlier([FAST, SLOW, OTHER], experiment), table, rows) is None


def test_a_run_of_far_fewer_rows_teaches_nothing():
    assert learn_table(Earlier([FAST], "shop"), "orders", 10_000) is not None
    assert learn_table(Earlier([FAST], "shop"), "orders", 10_001) is None


def test_loading_is_learned_from_all_runs_of_the_home():
    assert loading_seconds(Earlier([FAST, OTHER], "new"), 1000) == pytest.approx(1000 * 5.5 / 20_000)
    assert loading_seconds(Earlier([FAST, LATER], "shop"), 1000) == pytest.approx(1000 * 3 / 20_000)
    assert loading_seconds(Earlier(), 12_000_000) == pytest.approx(1.0)
    assert expected_share(1.0, Earlier([FAST], "shop"), {"orders": 1000, "empty": 0}, 10) == 0.5
    assert expected_share(0.0, Earlier(), {}, 0) == 0


def test_the_tables_of_another_version_teach_nothing():
    assert learn_table(Earlier([FAST, LATER], "shop", 3), "orders", 1000) is None
    learned = learn_table(Earlier([FAST, LATER], "shop", 2), "orders", 1000)
    assert learned is not None
    assert (learned.seconds, learned.run_ids) == (7.0, {3})


@pytest.mark.parametrize(
    ("earlier", "sampled", "source"),
    [
        (3, 0, "from 3 earlier runs"),
        (1, 2, "from 1 earlier run and a sample of 2 tables"),
        (0, 2, "measured on a sample"),
        (0, 0, ""),
    ],
)
def test_an_estimate_says_where_it_comes_from(earlier: int, sampled: int, source: str):
    assert Estimate(1, 1, 1, 1.0, 1, earlier, sampled).source == source


def test_an_estimate_learns_from_the_runs_of_the_experiment(shop: engine.Experiment):
    assert shop.estimate(1000).source == "measured on a sample"
    for seed in (1, 2):
        shop.generate(1000, seed=seed, progress=lambda now: None)

    estimate = shop.estimate(2000)

    assert (estimate.source, estimate.rows) == ("from 2 earlier runs", 4000)
    assert 0 < estimate.seconds < 60
    assert shop.estimate(2000, load=False).seconds < estimate.seconds
    assert shop.estimate(1_000_000).source == "measured on a sample"


def test_an_estimate_of_a_new_version_comes_from_runs_of_that_version(shop: engine.Experiment):
    shop.generate(1000, seed=1, progress=lambda now: None)
    schema = json.loads(shop.to_json())
    schema["tables"][0]["columns"].append({"name": "note", "data_type": "VARCHAR(200)"})
    shop.update(schema)
    assert shop.estimate(1000).source == "measured on a sample"

    shop.generate(1000, seed=1, progress=lambda now: None)

    assert shop.estimate(1000).source == "from 1 earlier run"
