import shutil

import pytest

import engine
from engine.errors import ConflictError, LoadError, NotFoundError

SHOP = {
    "name": "shop",
    "tables": [
        {"name": "customers", "target_rows": 4, "columns": [{"name": "id", "data_type": "INT", "is_unique": True}]},
        {
            "name": "orders",
            "target_rows": 40,
            "columns": [
                {"name": "id", "data_type": "INT", "is_unique": True},
                {
                    "name": "customer",
                    "data_type": "INT",
                    "required": False,
                    "null_fraction": 0.5,
                    "foreign_key": {"references_table": "customers", "references_column": "id"},
                },
            ],
        },
    ],
}


def quiet(_progress) -> None:
    return None


@pytest.fixture
def shop(home):
    with engine.Workbench(home) as workbench:
        experiment = workbench.create(SHOP)
        experiment.generate(seed=1, progress=quiet)
        experiment.generate({"orders": 10}, seed=1, progress=quiet)
        yield experiment


def test_two_runs_are_compared_column_by_column(shop: engine.Experiment):
    compared = shop.compare(1, 2)

    assert compared.select("table", "column").rows() == [("customers", "id"), ("orders", "id"), ("orders", "customer")]
    assert compared["rows_first"].to_list() == [4, 40, 40]
    assert compared["rows_second"].to_list() == [4, 10, 10]
    assert compared["mean_first"].to_list()[:2] == [2.5, 20.5]
    assert compared["max_value_second"].to_list()[:2] == ["4", "10"]
    assert 0 < compared["nulls_first"][2] < 40
    assert compared["distinct_first"].to_list()[:2] == [4, 40]
    assert compared["is_exact_first"].all()
    assert compared["differs"].to_list() == [False, True, True]


def test_two_runs_are_compared_table_by_table(shop: engine.Experiment):
    customers, orders = shop.compare_tables(1, 2).to_dicts()

    assert (customers["rows_difference"], customers["bytes_difference"]) == (0, 0)
    assert (orders["rows_first"], orders["rows_second"], orders["rows_difference"]) == (40, 10, -30)
    assert orders["bytes_first"] == shop.run_sizes(1)["orders"]
    assert orders["bytes_difference"] == shop.run_sizes(2)["orders"] - shop.run_sizes(1)["orders"]
    with pytest.raises(NotFoundError):
        shop.compare_tables(1, 9)


def test_a_run_has_the_sizes_of_its_files(shop: engine.Experiment):
    sizes = shop.run_sizes(1)

    assert list(sizes) == ["customers", "orders"]
    assert all(size > 100 for size in sizes.values())


def test_a_run_is_removed_with_its_files(shop: engine.Experiment):
    before = shop.size_bytes()

    shop.delete_run(1)

    assert [run.id for run in shop.runs()] == [2]
    assert shop.size_bytes() < before
    with pytest.raises(NotFoundError):
        shop.compare(1, 2)


def test_the_loaded_run_is_not_removed(shop: engine.Experiment):
    with pytest.raises(ConflictError, match="Run 2 is loaded"):
        shop.delete_run(2)

    assert [run.id for run in shop.runs()] == [2, 1]


def test_only_completed_runs_are_compared(shop: engine.Experiment, monkeypatch: pytest.MonkeyPatch):
    def failing(*_arguments, **_options):
        raise OSError("No space left on device")

    monkeypatch.setattr("engine.runs.run.write_run", failing)
    with pytest.raises(engine.WorkbenchError):
        shop.generate(seed=2, progress=quiet)

    with pytest.raises(ConflictError, match="Run 3 is FAILED"):
        shop.compare(1, 3)


def test_the_files_of_a_run_that_are_gone_are_missed(shop: engine.Experiment, home):
    for file in (home / "experiments" / "shop" / "runs" / "1").rglob("*.parquet"):
        file.unlink()

    with pytest.raises(LoadError, match="files of run 1 are missing"):
        shop.compare(1, 2)


@pytest.mark.parametrize("damage", ["missing", "extra", "exchanged", "other table"])
def test_runs_whose_files_are_not_their_own_are_not_compared(shop: engine.Experiment, home, damage: str):
    runs = home / "experiments" / "shop" / "runs"
    part = runs / "1" / "orders" / "part-00000.parquet"
    if damage == "missing":
        part.rename(part.with_name("part-00000.saved"))
        shutil.copy(runs / "2" / "orders" / part.name, part.with_name("part-00001.parquet"))
    elif damage == "extra":
        shutil.copy(part, part.with_name("part-00001.parquet"))
    elif damage == "exchanged":
        shutil.copy(runs / "2" / "orders" / part.name, part)
    else:
        shutil.copy(runs / "1" / "customers" / part.name, part)

    for use in (lambda: shop.compare(1, 2), lambda: shop.compare(2, 1), lambda: shop.load(1)):
        with pytest.raises(LoadError, match="Parquet file") as caught:
            use()
        assert "orders" in caught.value.where
        assert "the data is the same" in caught.value.hint


def test_a_key_reports_how_parents_are_covered(shop: engine.Experiment):
    shop.load(1)

    (found,) = shop.key_coverage().to_dicts()

    assert (found["table"], found["columns"], found["references"]) == ("orders", "customer", "customers.id")
    assert (found["parents"], found["orphans"], found["covered"]) == (4, 0, 1.0)
    assert 10 < found["nulls"] < 30
    assert found["mean_children"] == (40 - found["nulls"]) / 4
    assert found["min_children"] <= found["mean_children"] <= found["max_children"]


def test_without_keys_and_rows_there_is_a_frame_all_the_same(home):
    with engine.Workbench(home) as workbench:
        lone = workbench.create({"name": "lone", "tables": SHOP["tables"][:1]})
        empty = workbench.create(SHOP)

        assert lone.key_coverage().height == 0
        assert empty.key_coverage()["covered"].to_list() == [None]


def test_a_loaded_table_has_a_profile(shop: engine.Experiment):
    shop.load(1)

    profile = shop.profile("ORDERS")

    assert profile.rows == 40
    assert [column.name for column in profile.columns] == ["id", "customer"]
    assert profile.columns[0].max_value == "40"
