import pytest
from streamlit.testing.v1 import AppTest

import engine

from .conftest import Open, texts, wait_for_run


def test_without_experiments_the_page_links_to_create_one(open_page: Open):
    at = open_page("generate")

    at.button(key="empty_to_experiments").click().run()

    assert not at.exception
    assert at.title[0].value == "Experiments"


def test_the_inputs_begin_with_the_schema_and_the_preview_follows_the_seed(open_page: Open, shop: engine.Experiment):
    at = open_page("generate")
    assert at.number_input(key="rows:shop:orders").value == 40
    assert at.number_input(key="seed:shop").value is None

    at.selectbox(key="preview:shop").select("orders")
    at.number_input(key="seed:shop").set_value(42).run()

    shown = at.dataframe[0].value
    assert list(shown["total"]) == list(shop.preview("orders", rows=10, seed=42)["total"])
    assert "The first rows of a run with seed 42." in texts(at)


def test_a_run_uses_the_last_input(open_page: Open, shop: engine.Experiment):
    at = open_page("generate")

    at.number_input(key="rows:shop:orders").set_value(123)
    at.number_input(key="seed:shop").set_value(9)
    at.button(key="start:shop").click().run()

    assert not at.exception
    run = wait_for_run(shop)
    assert (run.status, run.seed, run.row_counts) == ("COMPLETED", 9, {"customers": 5, "orders": 123})


def test_the_outcome_links_to_a_query(open_page: Open, shop: engine.Experiment):
    at = open_page("generate")
    at.button(key="start:shop").click().run()
    wait_for_run(shop)
    at.run()
    assert "Run 1** finished: 45 rows" in texts(at)

    at.button(key="to_query").click().run()

    assert not at.exception
    assert at.title[0].value == "Query"
    assert len(at.dataframe) == 1


def test_a_run_in_progress_is_shown_by_table(open_page: Open, busy: engine.Experiment):
    at = open_page("generate")

    progress = at.dataframe[0].value
    assert list(progress["Table"]) == ["customers", "orders"]
    assert list(progress["Rows"]) == [3, 0]
    assert list(progress["Of"]) == [5, 40]
    assert at.button(key="start:shop").disabled
    assert at.progress[0].text.startswith("3 of 45 rows")


def test_the_page_stays_usable_during_a_run(open_page: Open, busy: engine.Experiment):
    at = open_page("generate")

    at.segmented_control(key="generate_view:shop").set_value("Preview").run()
    at.selectbox(key="preview:shop").select("orders").run()

    assert not at.exception
    assert list(at.dataframe[0].value.columns) == ["order_id", "customer_id", "ordered_on", "total"]
    assert at.progress[0].text.startswith("3 of 45 rows")
    assert at.button(key="cancel:shop").label == "Cancel run"


def test_the_end_of_a_run_is_shown_also_when_the_preview_was_chosen(open_page: Open, busy: engine.Experiment):
    at = open_page("generate")
    at.segmented_control(key="generate_view:shop").set_value("Preview").run()

    at.button(key="cancel:shop").click().run()
    wait_for_run(busy)
    at.run()

    assert not at.exception
    assert "**Run 1** cancelled." in texts(at)
    assert list(at.dataframe[0].value["Table"]) == ["customers", "orders"]


def test_a_run_in_progress_explains_why_no_other_can_start(open_page: Open, busy: engine.Experiment):
    assert "One run at a time" in texts(open_page("generate"))


def test_following_tables_show_their_planned_rows(open_page: Open, following: engine.Experiment):
    at = open_page("generate")
    assert at.number_input(key="rows:follow:lines").placeholder == "200"
    assert "lines follows orders." in texts(at)

    at.number_input(key="rows:follow:orders").set_value(30_000_000).run()
    assert at.number_input(key="rows:follow:lines").placeholder == "60,000,000"

    at.number_input(key="rows:follow:lines").set_value(7).run()
    assert not at.exception
    assert "follows" not in texts(at)


def test_rows_over_the_capacity_are_reported_next_to_the_inputs(open_page: Open, following: engine.Experiment):
    at = open_page("generate")

    at.number_input(key="rows:follow:lines").set_value(500).run()

    assert len(at.error) == 1
    assert "300" in at.error[0].value
    assert at.button(key="start:follow").disabled
    assert "No preview: these row counts are not possible." in texts(at)


@pytest.fixture
def following(bench: engine.Workbench) -> engine.Experiment:
    """An experiment whose second table follows the rows of the first: 1 to 3 for each."""
    key = {"references_table": "orders", "references_column": "id", "fan_out": [1, 3]}
    return bench.create(
        {
            "name": "follow",
            "tables": [
                {
                    "name": "orders",
                    "target_rows": 100,
                    "columns": [{"name": "id", "data_type": "INT", "is_unique": True}],
                },
                {"name": "lines", "columns": [{"name": "order_id", "data_type": "INT", "foreign_key": key}]},
            ],
        }
    )


def test_a_run_can_be_cancelled(open_page: Open, busy: engine.Experiment):
    at = open_page("generate")

    at.button(key="cancel:shop").click().run()

    assert not at.exception
    assert wait_for_run(busy).status == "ABORTED"
    at.run()
    assert not at.button(key="start:shop").disabled


def test_impossible_rows_are_refused_at_once(open_page: Open, shop: engine.Experiment):
    at = open_page("generate")

    at.number_input(key="rows:shop:customers").set_value(0)
    at.button(key="start:shop").click().run()

    assert not at.exception
    assert at.error
    assert shop.runs() == []


def test_an_impossible_preview_shows_the_error(open_page: Open, shop: engine.Experiment):
    at = open_page("generate")

    at.selectbox(key="preview:shop").select("orders")
    at.number_input(key="rows:shop:customers").set_value(0).run()

    assert not at.exception
    assert len(at.error) == 1


def test_a_failed_run_shows_its_error(open_page: Open, shop: engine.Experiment, failing_writer: None):
    at = open_page("generate")

    at.button(key="start:shop").click().run()
    wait_for_run(shop)
    at.run()

    assert "Run 1** failed. The disk is full" in texts(at)
    assert "Traceback (most recent call last)" in at.code[0].value


def test_a_cancelled_run_can_be_resumed(open_page: Open, busy: engine.Experiment):
    at = open_page("generate")
    at.button(key="cancel:shop").click().run()
    assert wait_for_run(busy).status == "ABORTED"
    at.run()

    at.button(key="resume_watched:shop").click().run()

    assert not at.exception
    assert [(run.id, run.status) for run in busy.runs()] == [(1, "RUNNING")]
    assert at.button(key="start:shop").disabled


def test_a_run_started_elsewhere_shows_its_outcome_here(open_page: Open, busy: engine.Experiment):
    at = open_page("generate")
    assert at.progress[0].text.startswith("3 of 45 rows")

    busy.cancel()
    wait_for_run(busy)
    at.run()

    assert "**Run 1** cancelled." in texts(at)


def test_a_deleted_run_does_not_break_the_page(open_page: Open, shop: engine.Experiment, failing_writer: None):
    at = open_page("generate")
    at.button(key="start:shop").click().run()
    wait_for_run(shop)
    shop.delete_run(1)

    at.run()

    assert not at.exception
    assert not at.error
    assert not at.button(key="start:shop").disabled


def test_a_small_table_previews_only_its_rows(open_page: Open, shop: engine.Experiment):
    assert len(open_page("generate").dataframe[0].value) == 5


def test_a_link_chooses_the_experiment(open_page: Open, bench: engine.Workbench, shop: engine.Experiment):
    bench.create({**shop.schema.model_dump(exclude_unset=True), "name": "atelier"})

    assert open_page("generate", experiment="shop").selectbox(key="chosen_experiment").value == "shop"


def test_the_server_does_not_write_a_default_into_the_address(open_page: Open, shop: engine.Experiment):
    at = open_page("generate")

    assert at.selectbox(key="chosen_experiment").value == "shop"
    assert "experiment" not in at.query_params  # the browser side puts it there, without an entry of the history


def test_a_link_to_an_unknown_experiment_warns_and_shows_another(open_page: Open, shop: engine.Experiment):
    at = open_page("generate", experiment="gone")

    assert "Experiment “gone” not found" in texts(at)
    assert at.selectbox(key="chosen_experiment").value == "shop"


def test_the_choice_is_kept_on_other_pages(open_page: Open, bench: engine.Workbench, shop: engine.Experiment):
    bench.create({**shop.schema.model_dump(exclude_unset=True), "name": "atelier"})
    at = open_page("generate", experiment="shop")

    at.selectbox(key="chosen_experiment").select("atelier").run()
    assert at.query_params["experiment"] in ("atelier", ["atelier"])
    at.switch_page("app_pages/runs.py").run()

    assert at.selectbox(key="chosen_experiment").value == "atelier"


def test_the_multiplier_sets_every_table(open_page: Open, shop: engine.Experiment):
    at = open_page("generate")

    at.segmented_control(key="multiplier:shop").set_value("× 10").run()

    assert not at.exception
    assert at.number_input(key="rows:shop:customers").value == 50
    assert at.number_input(key="rows:shop:orders").value == 400


def test_one_number_of_rows_is_spread_over_the_tables(open_page: Open, shop: engine.Experiment):
    at = open_page("generate")

    at.number_input(key="total_rows:shop").set_value(900).run()

    assert not at.exception
    assert at.number_input(key="rows:shop:customers").value == 100
    assert at.number_input(key="rows:shop:orders").value == 800


def test_the_multiplier_uses_planned_rows_and_resets_following_tables(
    open_page: Open, bench: engine.Workbench, following: engine.Experiment
):
    bench.create({"name": "bare", "tables": [{"name": "bare", "columns": [{"name": "n", "data_type": "INT"}]}]})
    at = open_page("generate", experiment="bare")
    at.segmented_control(key="multiplier:bare").set_value("× 10").run()
    assert at.number_input(key="rows:bare:bare").value == 10_000

    at = open_page("generate", experiment="follow")
    at.number_input(key="rows:follow:lines").set_value(7).run()
    at.segmented_control(key="multiplier:follow").set_value("× 10").run()
    assert not at.exception
    assert at.number_input(key="rows:follow:orders").value == 1000
    assert at.number_input(key="rows:follow:lines").value is None
    assert at.number_input(key="rows:follow:lines").placeholder == "2,000"


def test_the_estimate_follows_the_rows(open_page: Open, shop: engine.Experiment):
    at = open_page("generate")
    assert "for 45 rows" in texts(at)

    at.number_input(key="rows:shop:orders").set_value(1000).run()

    assert "for 1,005 rows" in texts(at)
    assert " free." in texts(at)


def test_a_table_of_few_rows_is_previewed_whole(open_page: Open, bench: engine.Workbench):
    column = {"name": "plan", "data_type": "VARCHAR(4)", "values": ["free", "team"], "is_unique": True}
    bench.create({"name": "plans", "tables": [{"name": "plans", "target_rows": 2, "columns": [column]}]})

    at = open_page("generate")

    assert not at.error
    assert sorted(at.dataframe[0].value["plan"]) == ["free", "team"]


def test_any_rows_of_the_run_can_be_previewed(open_page: Open, shop: engine.Experiment):
    at = open_page("generate", experiment="shop")
    at.number_input(key="rows:shop:orders").set_value(1_000_000_000)
    at.number_input(key="seed:shop").set_value(42)
    at.selectbox(key="preview:shop").select("orders").run()

    at.number_input(key="preview_from:shop:orders").set_value(999_999_996).run()

    assert not at.exception
    shown = at.dataframe[0].value
    assert shown["order_id"].to_list() == [999_999_996, 999_999_997, 999_999_998, 999_999_999, 1_000_000_000]
    assert "Rows 999,999,996 to 1,000,000,000 of a run with seed 42." in texts(at)
    at.number_input(key="rows:shop:orders").set_value(100).run()
    assert at.number_input(key="preview_from:shop:orders").value == 1


def test_a_negative_number_of_rows_is_reported_and_not_run(open_page: Open, shop: engine.Experiment):
    at = open_page("generate", experiment="shop")

    at.number_input(key="rows:shop:customers").set_value(-5).run()

    assert not at.exception
    assert "-5" in texts(at)
    assert at.button(key="start:shop").disabled


def test_a_click_for_a_deleted_experiment_starts_no_other(open_page: Open, bench: engine.Workbench):
    columns = [{"name": "id", "data_type": "INT"}]
    for name in ("atelier", "shop"):
        bench.create({"name": name, "tables": [{"name": "t", "columns": columns}]})
    at = open_page("generate", experiment="shop")
    bench.delete("shop")

    at.button(key="start:shop").click().run()

    assert not at.exception
    assert "Experiment “shop” not found" in texts(at)
    assert bench["atelier"].runs() == []


def test_many_tables_are_one_grid_with_a_filter(open_page: Open, bench: engine.Workbench):
    columns = [{"name": "id", "data_type": "INT"}]
    tables = [{"name": f"t{place:02d}", "target_rows": 10, "columns": columns} for place in range(20)]
    bench.create({"name": "many", "tables": tables})
    at = open_page("generate")
    assert [each.key for each in at.number_input] == ["total_rows:many", "seed:many"]
    grid = at.dataframe[0].value
    assert (list(grid["Rows"]), list(grid["Gets"])) == ([10] * 20, ["10"] * 20)

    at.segmented_control(key="multiplier:many").set_value("× 10").run()
    at.text_input(key="find_rows:many").set_value("T07").run()

    assert not at.exception
    grid = at.dataframe[0].value
    assert (list(grid["Table"]), list(grid["Rows"]), list(grid["Gets"])) == (["t07"], [100], ["100"])


def test_edited_cells_of_the_grid_are_the_rows_of_the_run():
    def page() -> None:
        import streamlit as st

        from app.components.generate.row_grid import take_edits

        st.session_state["grid"] = {"edited_rows": {"1": {"Rows": 7}, 2: {"Rows": None}}}
        st.session_state["c"] = 3
        take_edits("grid", ["a", "b", "c"])

    at = AppTest.from_function(page).run()

    assert (at.session_state["b"], at.session_state["c"], "a" in at.session_state) == (7, None, False)
