import pytest

import engine

from .conftest import SHOP, Open, texts, wait_for_run


def test_no_runs_lead_to_generate(open_page: Open, shop: engine.Experiment):
    at = open_page("runs")

    at.button(key="empty_to_generate").click().run()

    assert not at.exception
    assert at.title[0].value == "Generate"


def test_a_completed_run_shows_its_facts(open_page: Open, filled: engine.Experiment):
    written = texts(open_page("runs"))

    assert "**Run 1**" in written
    assert "Completed" in written
    assert "In the tables" in written
    assert "45 rows" in written
    assert "`7`" in written


def test_any_completed_run_can_be_loaded_again(open_page: Open, filled: engine.Experiment):
    filled.generate(rows={"orders": 3}, seed=8, progress=lambda _progress: None)
    at = open_page("runs")

    at.button(key="load:shop:1").click().run()

    assert not at.exception
    assert filled.loaded_run_id == 1
    assert filled.row_counts() == {"customers": 5, "orders": 40}


def test_a_failed_run_shows_its_reason_and_its_traceback(open_page: Open, broken_run: engine.Run):
    at = open_page("runs")

    assert "The disk is full" in texts(at)
    assert "Traceback (most recent call last)" in at.code[0].value
    assert not [button for button in at.button if str(button.key).startswith("load:")]


def test_a_load_that_fails_is_told(open_page: Open, bench: engine.Workbench, filled: engine.Experiment):
    filled.generate(rows={"orders": 3}, seed=8, progress=lambda _progress: None)
    for part in bench.settings.home.glob("experiments/shop/runs/1/**/*.parquet"):
        part.unlink()
    at = open_page("runs")

    at.button(key="load:shop:1").click().run()

    assert not at.exception
    assert len(at.error) == 1
    assert filled.loaded_run_id == 2


def test_a_run_under_way_is_shown_and_nothing_else_can_be_loaded(open_page: Open, busy: engine.Experiment):
    at = open_page("runs")

    assert "Running" in texts(at)
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

    at.pills(key="status:shop").set_value(["FAILED"]).run()

    assert not at.exception
    assert "**Run 2**" in texts(at)
    assert "**Run 1**" not in texts(at)


def test_a_failed_run_can_be_resumed(open_page: Open, broken_run: engine.Run, shop: engine.Experiment):
    at = open_page("runs")

    at.button(key="resume:shop:1").click().run()

    assert not at.exception
    assert wait_for_run(shop).id == 1


def test_a_run_is_made_again_from_its_seed(open_page: Open, filled: engine.Experiment):
    at = open_page("runs")

    at.button(key="again:shop:1").click().run()

    assert not at.exception
    again = wait_for_run(filled)
    assert (again.id, again.seed, again.status) == (2, 7, "COMPLETED")
    assert again.row_counts == filled.run(1).row_counts


def test_a_run_is_deleted_after_a_question(open_page: Open, filled: engine.Experiment):
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
    assert at.dataframe[0].value["rows (1)"].to_list() == [5, 5, 40, 40, 40, 40]
    assert at.dataframe[0].value["rows (2)"].to_list() == [5, 5, 3, 3, 3, 3]


def test_the_history_of_all_experiments_is_one_list(
    open_page: Open, bench: engine.Workbench, filled: engine.Experiment
):
    bench.create(SHOP, name="kiosk").generate(seed=9, progress=lambda _progress: None)
    at = open_page("runs", experiment="shop")
    assert "kiosk **Run 1**" not in texts(at)

    at.toggle(key="runs_of_all").set_value(True).run()

    assert not at.exception
    named = [str(element.value) for element in at.markdown if "**Run " in str(element.value)]
    assert named == ["kiosk **Run 1**", "shop **Run 1**"]


def test_a_link_opens_one_run_with_its_details(open_page: Open, filled: engine.Experiment):
    filled.generate(seed=8, progress=lambda _progress: None)
    at = open_page()
    at.switch_page("app_pages/runs.py")
    at.query_params["experiment"], at.query_params["run"] = "shop", "1"
    at.run()
    assert "**Run 1**" in texts(at)
    assert "**Run 2**" not in texts(at)

    at.button(key="unlink").click().run()

    assert not at.exception
    assert "**Run 2**" in texts(at)


def test_a_link_to_a_run_that_is_gone_is_told(open_page: Open, filled: engine.Experiment):
    at = open_page()
    at.switch_page("app_pages/runs.py")
    at.query_params["experiment"], at.query_params["run"] = "shop", "99"
    at.run()

    assert not at.exception
    assert at.warning[0].value == "shop has no run “99”."
    assert "**Run 1**" in texts(at)
