import pytest

import engine
from engine.display.wording import size

from .conftest import Open, texts, wait_for_run


def test_no_runs_lead_to_generate(open_page: Open, shop: engine.Experiment):
    at = open_page("runs")

    at.button(key="empty_to_generate").click().run()

    assert not at.exception
    assert at.title[0].value == "Generate"


def test_a_completed_run_shows_its_facts(open_page: Open, filled: engine.Experiment):
    written = texts(open_page("runs"))

    assert "**Run 1**" in written
    assert "Finished" in written
    assert "Loaded" in written
    assert "45 rows" in written
    assert "`7`" in written


def test_any_completed_run_can_be_loaded_again(open_page: Open, filled: engine.Experiment):
    filled.generate(rows={"orders": 3}, seed=8, progress=lambda _progress: None)
    at = open_page("runs")

    at.button(key="load:shop:1").click().run()

    assert not at.exception
    assert filled.loaded_run_id == 1
    assert filled.row_counts() == {"customers": 5, "orders": 40}


def test_a_failed_run_shows_its_error_and_traceback(open_page: Open, broken_run: engine.Run):
    at = open_page("runs")

    assert any(element.value.startswith(":red[The disk is full") for element in at.markdown)
    assert "Traceback (most recent call last)" in at.code[0].value
    assert not [button for button in at.button if str(button.key).startswith("load:")]


def test_the_error_of_a_cancelled_run_has_the_colour_of_its_state(open_page: Open, busy: engine.Experiment):
    busy.cancel()
    wait_for_run(busy)

    assert ":gray[The run was cancelled. 3 of 45 rows are kept; Resume continues from there.]" in texts(
        open_page("runs")
    )


def test_a_failed_load_is_reported(open_page: Open, bench: engine.Workbench, filled: engine.Experiment):
    filled.generate(rows={"orders": 3}, seed=8, progress=lambda _progress: None)
    for part in bench.settings.home.glob("experiments/shop/runs/1/**/*.parquet"):
        part.unlink()
    at = open_page("runs")

    at.button(key="load:shop:1").click().run()

    assert not at.exception
    assert len(at.error) == 1
    assert filled.loaded_run_id == 2


def test_a_run_in_progress_is_shown_and_blocks_loading(open_page: Open, busy: engine.Experiment):
    at = open_page("runs")

    assert "Running" in texts(at)
    assert "45 rows :gray[requested]" in texts(at)
    assert at.progress[0].text.startswith("3 of 45 rows")


def test_a_long_history_is_paged(open_page: Open, shop: engine.Experiment):
    for seed in range(21):
        shop.generate(rows=1, seed=seed, load=False, progress=lambda _progress: None)
    at = open_page("runs")
    assert "**Run 1**" not in texts(at)

    at.get("pagination")[0].set_value(2).run()

    assert not at.exception
    assert "**Run 1**" in texts(at)
    assert "**Run 21**" not in texts(at)


def test_runs_can_be_filtered_by_their_state(open_page: Open, filled: engine.Experiment, failing_writer: None):
    with pytest.raises(engine.WorkbenchError):
        filled.generate(seed=5, progress=lambda _progress: None)
    at = open_page("runs")
    assert "**Run 1**" in texts(at)

    at.pills(key="status:shop").set_value(["Failed"]).run()

    assert not at.exception
    assert "**Run 2**" in texts(at)
    assert "**Run 1**" not in texts(at)


def test_a_failed_run_can_be_resumed(open_page: Open, broken_run: engine.Run, shop: engine.Experiment):
    at = open_page("runs")

    at.button(key="resume:shop:1").click().run()

    assert not at.exception
    assert wait_for_run(shop).id == 1


def test_a_run_can_be_repeated_from_its_seed(open_page: Open, filled: engine.Experiment):
    at = open_page("runs")

    at.button(key="again:shop:1").click().run()

    assert not at.exception
    again = wait_for_run(filled)
    assert (again.id, again.seed, again.status) == (2, 7, "COMPLETED")
    assert again.row_counts == filled.run(1).row_counts


def test_a_run_is_deleted_after_a_confirmation(open_page: Open, filled: engine.Experiment):
    filled.generate(seed=8, progress=lambda _progress: None)
    at = open_page("runs")

    at.button(key="delete_run:shop:1").click().run()
    assert [run.id for run in filled.runs()] == [2, 1]
    at.button(key="delete_run_yes").click().run()

    assert not at.exception
    assert [run.id for run in filled.runs()] == [2]


def test_two_runs_are_compared(open_page: Open, filled: engine.Experiment):
    filled.generate(rows={"orders": 3}, seed=8, progress=lambda _progress: None)
    at = open_page("runs")

    at.button(key="compare_go:shop").click().run()

    assert not at.exception
    tables, columns = at.dataframe[0].value, at.dataframe[1].value
    assert tables["Rows, run 1"].to_list() == ["5", "40"]
    assert tables["Rows, run 2"].to_list() == ["5", "3"]
    assert tables["Rows, difference"].to_list() == ["=", "−37"]
    sizes = [filled.run_sizes(run)["orders"] for run in (1, 2)]
    assert tables["Size, difference"].to_list()[1] == f"−{size(sizes[0] - sizes[1])}"
    assert "order_id" in columns["Column"].to_list()
    assert columns["Mean, run 1"].to_list()[columns["Column"].to_list().index("order_id")] == "20.5"


def test_only_differing_columns_are_shown_unless_all_are_chosen(open_page: Open, filled: engine.Experiment):
    filled.generate(seed=7, progress=lambda _progress: None)
    filled.generate(rows={"orders": 3}, seed=7, progress=lambda _progress: None)
    at = open_page("runs")

    at.selectbox(key="compare_second:shop").select(1)
    at.button(key="compare_go:shop").click().run()
    assert "No column statistic differs between run 2 and run 1." in texts(at)

    at.selectbox(key="compare_second:shop").select(3)
    at.button(key="compare_go:shop").click().run()
    assert set(at.dataframe[1].value["Table"]) == {"orders"}

    at.toggle(key="compare_all:shop").set_value(True).run()
    assert not at.exception
    assert set(at.dataframe[1].value["Table"]) == {"customers", "orders"}


def test_the_history_can_span_all_experiments(open_page: Open, bench: engine.Workbench, filled: engine.Experiment):
    other = bench.create({**filled.schema.model_dump(exclude_unset=True), "name": "atelier"})
    other.generate(seed=11, progress=lambda _progress: None)
    at = open_page("runs", experiment="shop")
    assert ("`7`" in texts(at), "`11`" in texts(at)) == (True, False)

    at.segmented_control(key="runs_extent").set_value("All experiments").run()

    assert not at.exception
    written = texts(at)
    assert written.index("atelier · **Run 1**") < written.index("shop · **Run 1**")
    assert "2 runs, newest first" in written


def test_a_link_opens_the_run_it_names(open_page: Open, filled: engine.Experiment):
    filled.generate(seed=8, progress=lambda _progress: None)
    at = open_page("runs", experiment="shop")

    at.button(key="link:shop:1").click().run()

    assert not at.exception
    assert at.query_params["run"] == "1"
    assert [expander.proto.expanded for expander in at.expander if expander.label == "Details"] == [True, False]
    assert texts(at).index("**Run 1**") < texts(at).index("**Run 2**")
    at.button(key="all_runs").click().run()
    assert "run" not in at.query_params


def test_a_link_to_a_deleted_run_warns(open_page: Open, filled: engine.Experiment):
    at = open_page("runs")
    at.query_params["run"] = "77"
    at.run()

    assert not at.exception
    assert "Run 77 not found" in texts(at)
    assert "**Run 1**" in texts(at)


def test_a_run_shows_its_size_on_the_disk(open_page: Open, filled: engine.Experiment):
    total = sum(filled.run_sizes(1).values())

    assert f"45 rows :gray[· {total / 1000:.1f} kB]" in texts(open_page("runs"))


def test_without_experiments_the_page_links_to_create_one(open_page: Open):
    assert open_page("runs").button(key="empty_to_experiments").label == "Create an experiment"


def test_a_busy_experiment_offers_no_change_among_all_experiments(
    open_page: Open, bench: engine.Workbench, filled: engine.Experiment, busy: engine.Experiment
):
    bench.create({**filled.schema.model_dump(exclude_unset=True), "name": "atelier"})
    at = open_page("runs", experiment="shop")
    at.segmented_control(key="runs_extent").set_value("All experiments").run()

    assert not at.exception
    assert [button.key for button in at.button if str(button.key).startswith(("again:", "load:", "delete_run:"))] == []
    assert at.button(key="cancel:shop").label == "Cancel run"
