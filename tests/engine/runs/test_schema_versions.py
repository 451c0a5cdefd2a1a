"""Saving versions of a schema: what stays loaded, which version made a run, and which of two changes came first."""

import copy
from pathlib import Path

import pytest

import engine
from engine.errors import LoadError, NotFoundError, SchemaError, VersionConflictError, WorkbenchError
from tests.engine.conftest import SHOP, until


def quietly(progress: engine.RunProgress) -> None:
    pass


def changed(**column) -> dict:
    """Return the schema with a column added to orders."""
    data = copy.deepcopy(SHOP)
    data["tables"][1]["columns"].append({"name": "fee", "data_type": "INT", "min_value": 1, "max_value": 9} | column)
    return data


def columns_of(shop: engine.Experiment, table: str = "orders") -> list[str]:
    return [column.name for column in shop.query(f"from {table} limit 0").columns]


def test_a_new_version_of_empty_tables_is_queried_at_once(shop):
    update = shop.update(changed(), note=" Fees. ")
    assert (update.version, update.is_new, str(update)) == (
        2,
        True,
        "Saved version 2 of shop: orders.fee: added (INT).",
    )
    assert columns_of(shop) == ["order_id", "customer_id", "amount", "fee"]
    assert shop.audit().passed
    first, second = reversed(shop.versions())
    assert (first.number, first.changes, first.is_current, first.run_ids) == (1, "", False, ())
    assert (second.number, second.note, second.changes, second.is_current) == (
        2,
        "Fees.",
        "orders.fee: added (INT)",
        True,
    )


def test_loaded_data_stays_and_a_run_of_each_version_can_be_loaded(shop):
    assert shop.generate(seed=1, progress=quietly).schema_version == 1
    shop.update(changed())
    assert (shop.version, shop.loaded_version) == (2, 1)
    assert columns_of(shop) == ["order_id", "customer_id", "amount"]
    assert shop.audit().passed and shop.profile("orders").rows == 50
    assert "fee" not in shop.to_ddl("duckdb") or "fee" not in shop.rows_query("orders")
    assert shop.preview("orders", 2, seed=1).columns[-1] == "fee"

    assert shop.generate(seed=1, progress=quietly).schema_version == 2
    assert columns_of(shop)[-1] == "fee" and shop.audit().passed
    shop.load(1)
    assert (shop.loaded_version, shop.loaded_run_id) == (1, 1)
    assert columns_of(shop)[-1] == "amount" and shop.audit().passed
    assert shop.run_sizes(2).keys() == {"customers", "orders"}
    assert [each.run_ids for each in shop.versions()] == [(2,), (1,)]
    assert "version 2" in shop.run(2)._repr_html_()


def test_a_reset_empties_the_tables_of_the_current_version_and_keeps_all(shop):
    shop.generate(seed=1, progress=quietly)
    shop.update(changed())
    shop.reset()
    assert columns_of(shop)[-1] == "fee"
    assert (shop.loaded_version, len(shop.versions())) == (2, 2)
    assert shop.load(1).run_id == 1


def test_tables_of_one_version_only_are_queried_loaded_compared_and_deleted(shop):
    shop.generate(seed=1, progress=quietly)
    other = {
        "name": "shop",
        "tables": [SHOP["tables"][0], {"name": "visits", "columns": [{"name": "n", "data_type": "INT"}]}],
    }
    shop.update(other)
    assert shop.row_counts() == {"customers": 20, "orders": 50}
    shop.generate(10, seed=1, progress=quietly)
    assert shop.row_counts() == {"customers": 10, "visits": 10}
    with pytest.raises(WorkbenchError):
        shop.query("from orders")
    assert shop.compare(1, 2)["table"].unique().to_list() == ["customers"]
    assert shop.compare_tables(1, 2)["table"].to_list() == ["customers", "orders", "visits"]
    assert shop.delete_run(1) == []
    assert not (shop._services.home.run_dir("shop", 1)).exists()
    assert shop._services.home.experiment_dir("shop").exists()


def test_an_experiment_with_runs_of_several_versions_is_deleted_whole(workbench, shop):
    shop.generate(seed=1, progress=quietly)
    shop.update({"name": "shop", "tables": [{"name": "visits", "columns": [{"name": "n", "data_type": "INT"}]}]})
    folder = workbench._services.home.experiment_dir("shop")
    assert workbench.delete("shop") == []
    assert not folder.exists()


def test_an_equal_schema_makes_no_version(shop):
    update = shop.update(SHOP)
    assert (update.version, update.is_new, bool(update.diff)) == (1, False, False)
    assert str(update) == "Nothing was saved: the schema equals version 1 of shop."
    assert len(shop.versions()) == 1


def test_the_name_in_a_schema_is_ignored_and_its_description_saved(shop, tmp_path):
    shop.describe("A small shop.")
    path = tmp_path / "other.json"
    path.write_text(changed() and __import__("json").dumps(changed() | {"name": "other"}))
    shop.update(Path(path))
    assert (shop.name, shop.description, shop.version) == ("shop", "A small shop.", 2)
    update = shop.update(changed() | {"description": "With fees."})
    assert (update.is_new, update.is_described, shop.description, shop.version) == (False, True, "With fees.", 2)
    assert shop.version_schema(1).description == "With fees."


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "shop", "tables": []},
        changed(data_type="INTT"),
        changed(min_value=9, max_value=1),
        changed(pattern="###", values=[1]),
        changed(is_unique=True),
        changed(expression="missing + 1"),
    ],
)
def test_a_bad_version_is_refused_and_the_old_one_stays(shop, bad):
    with pytest.raises(SchemaError):
        shop.update(bad)
    assert (shop.version, len(shop.versions())) == (1, 1)


def test_tables_that_duckdb_cannot_hold_are_refused_as_at_creation(workbench, shop):
    shop.generate(seed=1, progress=quietly)
    bad = copy.deepcopy(SHOP)
    bad["tables"][0]["schema_name"] = "pg_catalog"
    bad["tables"][1]["columns"][1]["foreign_key"]["references_table"] = "pg_catalog.customers"
    with pytest.raises(LoadError):
        shop.update(bad)
    with pytest.raises(LoadError):
        workbench.create(bad, name="other")
    assert shop.version == 1


def test_of_two_changes_of_one_version_the_second_is_told(workbench, shop):
    other = workbench["shop"]
    shop.update(changed())
    with pytest.raises(VersionConflictError, match='Version 2 of "shop" came first') as caught:
        other.update(changed(name="tax"))
    assert (caught.value.based_on, caught.value.current_version) == (1, 2)
    assert "version 2" in caught.value.hint
    assert len(shop.versions()) == 2
    assert other.update(changed()).is_new is False  # the same change again
    assert other.update(changed(name="tax"), based_on=2).version == 3


@pytest.mark.parametrize("based_on", [0, -1, 2, 2**70])
def test_a_version_that_is_not_there_is_told(shop, based_on):
    with pytest.raises(NotFoundError, match="There is no version"):
        shop.update(changed(), based_on=based_on)
    with pytest.raises(NotFoundError, match="There is no version"):
        shop.revert(based_on)


def test_going_back_is_a_new_version(shop):
    shop.update(changed())
    assert shop.revert(1).version == 3
    assert shop.schema == shop.version_schema(1)
    assert (shop.versions()[0].note, bool(shop.diff(1, 3)), bool(shop.diff(2))) == (
        "Reverted to version 1",
        False,
        True,
    )
    assert shop.revert(3).is_new is False


def test_a_schema_is_saved_beside_a_run_which_goes_on_with_its_own(busy):
    assert busy.update(changed()).version == 2
    assert busy.version == 2
    busy.cancel(1)
    until(lambda: busy.run(1).finished_at is not None)
    assert busy.run(1).schema_version == 1
    assert columns_of(busy)[-1] == "fee"  # the tables were empty


def test_a_run_is_resumed_with_the_schema_that_began_it(shop):
    def stop(progress):
        if progress.rows_done:
            shop.cancel(progress.run_id)

    with pytest.raises(WorkbenchError):
        shop.generate(seed=3, progress=stop)
    shop.update(changed())
    assert (shop.resume(1, progress=quietly).schema_version, shop.loaded_version) == (1, 1)
    assert columns_of(shop)[-1] == "amount"


def test_a_held_experiment_runs_the_version_that_another_saved(workbench, shop):
    workbench["shop"].update(changed())
    assert shop.generate(seed=1, progress=quietly).schema_version == 2
    with pytest.raises(VersionConflictError):
        shop.update(changed(name="tax"))


def test_a_copy_has_the_schema_and_no_data(shop):
    shop.generate(seed=1, progress=quietly)
    shop.update(changed())
    made = shop.copy("shop_2")
    assert (made.version, made.runs(), made.row_counts()) == (1, [], {"customers": 0, "orders": 0})
    assert made.schema.tables == shop.schema.tables
    seeded = made.generate(seed=5, progress=quietly)
    shop.generate(seed=5, progress=quietly)
    assert seeded.schema_version == 1
    assert made.query("from orders order by 1").frame.equals(shop.query("from orders order by 1").frame)


@pytest.mark.parametrize("note", ["x" * 501, "a\0b", "\ud800"])
def test_a_note_that_cannot_be_kept_is_refused(shop, note):
    with pytest.raises(WorkbenchError):
        shop.update(changed(), note=note)
    assert shop.version == 1
