import re
import sqlite3
from contextlib import closing

import pytest

import engine
from app.components.experiments.cards import DELETE, RESET
from engine.display.wording import size

from .conftest import Open, texts, wait_for_run


def test_a_new_user_is_offered_the_samples(open_page: Open):
    at = open_page()

    assert "See it work" in texts(at)
    assert at.button(key="build:ecommerce").label == "Create with data"
    assert at.button(key="own").label == "Import a schema"


def test_two_clicks_create_fill_and_chart_a_sample(open_page: Open, bench: engine.Workbench):
    at = open_page()

    at.button(key="build:saas").click().run()
    assert not at.exception
    wait_for_run(bench["saas"])
    at.run()
    assert "finished" in texts(at)
    at.button(key="tour_chart").click().run()

    assert not at.exception
    assert at.session_state["_sql_saas"].startswith("SELECT")
    assert len(at.get("vega_lite_chart")) == 1
    assert len(at.dataframe) == 1


def test_a_card_shows_tables_rows_and_the_last_run(open_page: Open, filled: engine.Experiment):
    written = texts(open_page())

    assert "shop" in written
    assert "A small shop." in written
    assert "**2** tables · **45** rows" in written
    assert 'Run 1 · <time class="ago" datetime="' in written
    assert re.search(r" UTC\">(just now|\d+ \w+ ago)</time> · ", written)


def test_a_card_offers_its_schema_in_every_format(open_page: Open, filled: engine.Experiment):
    at = open_page()
    assert at.get("download_button") == []

    at.session_state["tables:shop"] = True
    at.run()

    assert [button.help for button in at.get("download_button")] == [
        "shop.json",
        "shop_redshift.sql",
        "shop_snowflake.sql",
        "shop_duckdb.sql",
    ]


def test_a_schema_is_exported_only_on_a_click(
    open_page: Open, filled: engine.Experiment, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("engine.sql.ddl_export.export_ddl", pytest.fail)

    at = open_page()
    at.session_state["tables:shop"] = True
    at.run()

    assert len(at.get("download_button")) == 4


def test_a_card_shows_that_its_run_failed(open_page: Open, shop: engine.Experiment, broken_run: engine.Run):
    at = open_page()

    assert "Failed" in texts(at)
    assert at.button(key="generate:shop").label == "Generate"


def test_warnings_open_and_explain(open_page: Open, bench: engine.Workbench):
    draft = engine.import_sql(
        "CREATE TABLE lines (a INT NOT NULL, b INT NOT NULL, PRIMARY KEY (a, b));", name="trial", dialect="redshift"
    )
    bench.create(draft)

    at = open_page()

    assert at.get("popover")[0].proto.popover.label == "1 warning"
    assert "_row_id" in texts(at)


def test_reset_confirms_and_empties_the_tables(open_page: Open, filled: engine.Experiment):
    at = open_page()

    at.get("menu_button")[0].click(RESET).run()
    assert filled.row_counts() == {"customers": 5, "orders": 40}
    at.button(key="reset_yes").click().run()

    assert not at.exception
    assert filled.row_counts() == {"customers": 0, "orders": 0}
    assert [run.id for run in filled.runs()] == [1]


def test_delete_confirms_and_removes_everything(open_page: Open, bench: engine.Workbench, filled: engine.Experiment):
    at = open_page()

    at.get("menu_button")[0].click(DELETE).run()
    assert "shop" in bench
    at.button(key="delete_yes").click().run()

    assert not at.exception
    assert "shop" not in bench
    assert "See it work" in texts(at)


def test_a_refused_delete_is_reported(open_page: Open, bench: engine.Workbench, busy: engine.Experiment):
    at = open_page()

    at.get("menu_button")[0].click(DELETE).run()
    at.button(key="delete_yes").click().run()

    assert not at.exception
    assert len(at.error) == 1
    assert "shop" in bench


def test_a_link_opens_the_card_it_names(open_page: Open, bench: engine.Workbench, shop: engine.Experiment):
    bench.create({**shop.schema.model_dump(exclude_unset=True), "name": "atelier"})

    at = open_page(experiment="shop")

    assert [heading.value for heading in at.header] == ["shop", "atelier"]


def test_a_link_to_an_unknown_experiment_warns(open_page: Open, shop: engine.Experiment):
    assert "Experiment “gone” not found." in texts(open_page(experiment="gone"))


def test_a_card_opens_its_own_experiment_after_another_was_open(
    open_page: Open, bench: engine.Workbench, shop: engine.Experiment
):
    bench.create({**shop.schema.model_dump(exclude_unset=True), "name": "atelier"})
    at = open_page("generate", experiment="shop")
    at.switch_page("app_pages/experiments.py").run()

    at.button(key="generate:atelier").click().run()

    assert not at.exception
    assert at.title[0].value == "Generate"
    assert at.selectbox(key="chosen_experiment").value == "atelier"


def test_many_experiments_can_be_searched(open_page: Open, bench: engine.Workbench):
    columns = [{"name": "id", "data_type": "INT"}]
    for name in ("alpha", "beta", "gamma", "delta"):
        bench.create({"name": name, "tables": [{"name": f"{name}_rows", "columns": columns}]})
    at = open_page()
    assert [heading.value for heading in at.header] == ["delta", "gamma", "beta", "alpha"]

    at.text_input(key="find_experiment").set_value("BETA_r").run()
    assert [heading.value for heading in at.header] == ["beta"]
    at.text_input(key="find_experiment").set_value("nothing").run()

    assert not at.exception
    assert "No experiment matches" in texts(at)


def test_a_card_links_to_the_run_in_progress(open_page: Open, busy: engine.Experiment):
    at = open_page()

    assert at.button(key="generate:shop").label == "Progress"
    assert "Running" in texts(at)


def test_many_experiments_are_paged_with_the_linked_one_first(open_page: Open, bench: engine.Workbench):
    columns = [{"name": "id", "data_type": "INT"}]
    for number in range(14):
        bench.create({"name": f"e{number:02d}", "tables": [{"name": "t", "columns": columns}]})

    at = open_page(experiment="e13")
    assert [heading.value for heading in at.header] == ["e13", *(f"e{number:02d}" for number in range(12, 1, -1))]
    at.session_state["experiments_page:14"] = 2
    at.run()

    assert not at.exception
    assert [heading.value for heading in at.header] == ["e01", "e00"]


def test_a_damaged_experiment_is_shown_and_deleted(open_page: Open, filled: engine.Experiment, bench: engine.Workbench):
    with closing(sqlite3.connect(bench.settings.home / "catalog.sqlite")) as connection, connection:
        connection.execute("update experiments set schema = '{'")

    at = open_page()
    assert not at.exception
    assert "its schema cannot be read" in " ".join(error.value for error in at.error)
    at.button(key="delete:shop").click().run()
    at.button(key="delete_yes").click().run()

    assert not at.exception
    assert bench.damaged_experiments() == []


def test_experiments_are_sorted_and_filtered(open_page: Open, filled: engine.Experiment, bench: engine.Workbench):
    for name in ("alpha", "beta"):
        bench.create({"name": name, "tables": [{"name": "t", "columns": [{"name": "id", "data_type": "INT"}]}]})
    filled.query("select 1")
    filled.queries.note("select 1", "duckdb", filled.query("select 1"))
    at = open_page()
    assert [heading.value for heading in at.header] == ["shop", "beta", "alpha"]

    at.selectbox(key="sort").select("Name").run()
    assert [heading.value for heading in at.header] == ["alpha", "beta", "shop"]
    for order in ("Storage", "Rows"):
        at.selectbox(key="sort").select(order).run()
        assert at.header[0].value == "shop"
    at.session_state["shown_experiments"] = ["Empty"]
    at.run()
    assert sorted(heading.value for heading in at.header) == ["alpha", "beta"]
    at.session_state["shown_experiments"] = ["Failed"]
    at.run()

    assert not at.exception
    assert "No experiment is in one of these states." in texts(at)


def test_experiments_are_a_dense_list_on_wish(open_page: Open, filled: engine.Experiment, bench: engine.Workbench):
    bench.create({"name": "alpha", "tables": [{"name": "t", "columns": [{"name": "id", "data_type": "INT"}]}]})

    at = open_page(layout="List")

    assert not at.exception
    shown = at.dataframe[0].value
    assert list(shown["Experiment"]) == ["alpha", "shop"]
    assert list(shown["Rows"]) == [0, 45]
    assert list(shown["Storage"])[1] > 0
    assert at.header == [] or not len(at.header)


def test_the_storage_of_all_experiments_is_told(open_page: Open, filled: engine.Experiment):
    assert f"1 experiment, {size(filled.size_bytes())} in " in texts(open_page())
