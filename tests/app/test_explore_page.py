import threading
import time
from dataclasses import replace

import pytest

import engine
from engine.errors import QueryError
from tests.engine.conftest import until

from .conftest import Open, texts


def test_empty_tables_lead_to_generate(open_page: Open, shop: engine.Experiment):
    at = open_page("explore")

    at.button(key="empty_to_generate").click().run()

    assert not at.exception
    assert at.title[0].value == "Generate"


def test_a_table_has_its_profile_and_distributions(open_page: Open, filled: engine.Experiment):
    at = open_page("explore")
    at.selectbox(key="explore_table:shop").select("orders").run()

    assert not at.exception
    assert at.dataframe[0].value["column"].to_list() == ["order_id", "customer_id", "ordered_on", "total"]
    assert "40 rows, 4 columns." in texts(at)
    assert len(at.get("vega_lite_chart")) == 3
    assert "No chart for **order_id** (all values are distinct)." in texts(at)


def test_the_keys_view_shows_their_coverage(open_page: Open, filled: engine.Experiment):
    at = open_page("explore")

    at.segmented_control(key="explore_view").set_value("Keys").run()

    assert not at.exception
    assert at.dataframe[0].value["references"].to_list() == ["customers.customer_id"]
    assert at.dataframe[0].value["orphans"].to_list() == [0]


def test_the_diagram_needs_no_rows(open_page: Open, shop: engine.Experiment):
    at = open_page("explore")

    at.segmented_control(key="explore_view").set_value("Diagram").run()

    assert not at.exception
    assert any('"customers" ||--o{ "orders"' in element.value for element in at.markdown)


def test_the_audit_shows_its_verdict_until_other_data_is_loaded(open_page: Open, filled: engine.Experiment):
    at = open_page("explore")
    at.segmented_control(key="explore_view").set_value("Audit").run()
    assert "Passed" not in texts(at)

    at.button(key="audit").click().run()
    assert not at.exception
    assert "**Passed**" in texts(at)
    assert "Row count 2" in texts(at)
    assert list(at.dataframe[0].value.columns) == ["Verdict", "Check", "Table", "Column", "Expected", "Found"]

    filled.generate(seed=9, progress=lambda _progress: None)
    at.run()
    assert "**Passed**" not in texts(at)


def test_findings_can_be_filtered_by_table(open_page: Open, filled: engine.Experiment):
    at = open_page("explore")
    at.segmented_control(key="explore_view").set_value("Audit").run()
    at.button(key="audit").click().run()

    at.selectbox(key="audit_table:shop").select("customers").run()

    assert set(at.dataframe[0].value["Table"]) == {"customers"}


def test_failures_come_first_and_link_to_their_rows(
    open_page: Open, filled: engine.Experiment, monkeypatch: pytest.MonkeyPatch
):
    wrong = replace(filled.audit().findings[-1], passed=False, found="2 rows", failing_sql="select * from main.orders")
    broken = engine.AuditResult("shop", 1, (*filled.audit().findings[:-1], wrong))
    monkeypatch.setattr(engine.Experiment, "audit", lambda *_arguments, **_options: broken)
    at = open_page("explore")
    at.segmented_control(key="explore_view").set_value("Audit").run()
    at.button(key="audit").click().run()

    assert "**1 of " in texts(at)
    assert list(at.dataframe[0].value["Verdict"])[:2] == [["✗ failed"], ["✓ passed"]]
    at.button(key="failing:shop:0").click().run()

    assert not at.exception
    assert at.title[0].value == "Query"
    assert len(at.dataframe[0].value) == 40


def test_a_profile_shows_its_time_and_can_be_cancelled_and_restarted(
    open_page: Open, filled: engine.Experiment, monkeypatch: pytest.MonkeyPatch
):
    profile, is_slow = engine.Experiment.profile, threading.Event()
    is_slow.set()

    def slowly(experiment: engine.Experiment, table: str, *, handle: engine.QueryHandle) -> object:
        while is_slow.is_set():
            if handle.is_cancelled:
                raise QueryError("The query was cancelled.")
            time.sleep(0.01)
        return profile(experiment, table, handle=handle)

    monkeypatch.setattr("app.background_task.QUICK_SECONDS", 0.02)
    monkeypatch.setattr(engine.Experiment, "profile", slowly)
    at = open_page("explore")
    assert "Running " in texts(at)
    assert not at.dataframe

    at.button(key="cancel_result_profile:shop:customers").click().run()
    until(lambda: "Cancelled." in texts(at.run()))

    is_slow.clear()
    monkeypatch.setattr("app.background_task.QUICK_SECONDS", 30)
    at.button(key="again_result_profile:shop:customers").click().run()
    assert not at.exception
    assert "5 rows, 2 columns." in texts(at)


def test_a_profile_is_cached_for_another_tab(
    open_page: Open, filled: engine.Experiment, monkeypatch: pytest.MonkeyPatch
):
    open_page("explore")
    monkeypatch.setattr(engine.Experiment, "profile", None)

    at = open_page("explore")
    assert "5 rows, 2 columns." in texts(at)


def test_another_table_cancels_the_profile_of_the_previous_one(
    open_page: Open, filled: engine.Experiment, monkeypatch: pytest.MonkeyPatch
):
    begun: dict[str, engine.QueryHandle] = {}

    def endless(_experiment: engine.Experiment, table: str, *, handle: engine.QueryHandle) -> None:
        begun[table] = handle
        until(lambda: handle.is_cancelled)

    monkeypatch.setattr("app.background_task.QUICK_SECONDS", 0.02)
    monkeypatch.setattr(engine.Experiment, "profile", endless)
    at = open_page("explore")
    at.selectbox(key="explore_table:shop").select("orders").run()

    assert (begun["customers"].is_cancelled, begun["orders"].is_cancelled) == (True, False)
    begun["orders"].cancel()


def test_a_failed_count_shows_its_error(open_page: Open, filled: engine.Experiment, monkeypatch: pytest.MonkeyPatch):
    def failing(*_arguments: object, **_options: object) -> None:
        raise QueryError("The query was stopped at its time limit of 300 seconds.")

    monkeypatch.setattr(engine.Experiment, "key_coverage", failing)
    at = open_page("explore")
    at.segmented_control(key="explore_view").set_value("Keys").run()

    assert not at.exception
    assert "time limit of 300 seconds" in texts(at)


def test_a_run_in_progress_is_shown(open_page: Open, busy: engine.Experiment):
    assert open_page("explore").button(key="cancel:shop").label == "Cancel run"


def test_after_a_failed_run_the_loaded_rows_are_still_shown(
    open_page: Open, filled: engine.Experiment, broken_run: engine.Run
):
    at = open_page("explore")

    assert not at.error
    assert "5 rows, 2 columns." in texts(at)


def test_without_experiments_the_page_links_to_create_one(open_page: Open):
    assert open_page("explore").button(key="empty_to_experiments").label == "Create an experiment"
