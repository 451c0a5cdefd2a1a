"""The query page as a link, and its tabs."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest

import engine

from .conftest import Open, texts
from .test_query_page import editor, set_text

BY_COUNTRY = "select country, count(*) as customers from customers group by country"


def link(at: AppTest) -> dict[str, Any]:
    """Return the parameters that the page puts into the address."""
    sent = [json.loads(each.proto.json) for each in at.get("bidi_component") if each.proto.json]
    return next(data["link"] for data in sent if "link" in data)


def open_link(open_page: Open, **address: str) -> AppTest:
    """Open the query page in a new browser tab by its address."""
    at = open_page(**address)
    for key, value in address.items():
        at.query_params[key] = value
    at.switch_page("app_pages/query.py").run()
    assert not at.exception, at.exception
    return at


def test_the_address_restores_sql_view_and_chart(open_page: Open, filled: engine.Experiment):
    at = open_page("query")
    set_text(at, BY_COUNTRY)
    at.button(key="run").click().run()
    at.segmented_control(key="view").set_value("Chart").run()
    at.selectbox(key="chart_mark:shop").select("Points").run()
    address = link(at)
    assert address == {"experiment": "shop", "sql": BY_COUNTRY, "view": "chart", "mark": "point"}

    other = open_link(open_page, **address)

    assert editor(other)["text"] == BY_COUNTRY
    assert other.segmented_control(key="view").value == "Chart"
    assert '"circle"' in other.get("vega_lite_chart")[0].proto.spec
    assert len(other.dataframe) == 0
    assert link(other) == address


def test_a_saved_query_has_a_short_link(open_page: Open, filled: engine.Experiment):
    filled.queries.save("revenue", BY_COUNTRY, view="chart", chart={"mark": "area"})

    at = open_link(open_page, experiment="SHOP", saved="Revenue")

    assert editor(at)["text"] == BY_COUNTRY
    assert at.selectbox(key="chart_mark:shop").value == "Area"
    assert link(at) == {"experiment": "shop", "saved": "revenue"}


def test_a_long_text_goes_by_an_id(open_page: Open, filled: engine.Experiment):
    sql = f"select {' + '.join(['1'] * 2000)} as n"
    at = open_page("query")
    set_text(at, sql)
    at.run()
    assert set(link(at)) == {"experiment", "draft"}

    assert editor(open_link(open_page, **link(at)))["text"] == sql


def test_a_link_to_what_is_gone_is_told(open_page: Open, filled: engine.Experiment):
    assert "There is no saved query" in texts(open_link(open_page, experiment="shop", saved="revenues"))
    assert "no longer stored" in texts(open_link(open_page, experiment="shop", draft="0"))


def test_the_query_of_another_experiment_is_not_run_here(open_page: Open, filled: engine.Experiment):
    at = open_link(open_page, experiment="gone", sql="select 77", view="table")

    assert "Experiment “gone” not found" in texts(at)
    assert "77" not in editor(at)["text"]


def test_tabs_survive_a_reload(open_page: Open, filled: engine.Experiment):
    at = open_page("query")
    set_text(at, "select 1")
    at.button(key="new_tab:shop").click().run()
    set_text(at, "select 2")
    at.run()

    other = open_page("query")

    assert editor(other)["text"] == "select 2"
    first, second = filled.queries.tabs("")
    assert (first.title, first.sql, second.title, second.sql) == ("Query 1", "select 1", "Query 2", "select 2")
    other.segmented_control(key="query_tab:shop").set_value(first.id).run()
    assert editor(other)["text"] == "select 1"


def test_a_closed_tab_can_be_reopened(open_page: Open, filled: engine.Experiment):
    at = open_page("query")
    at.button(key="new_tab:shop").click().run()
    set_text(at, "select 2")
    at.run()
    at.text_input(key=f"tab_title:shop:{at.session_state['_tab_shop'].id}").set_value("Two").run()

    at.button(key="close_query_tab:shop").click().run()
    assert [tab.title for tab in filled.queries.tabs("")] == ["Query 1"]
    at.button(key="reopen_tab:shop").click().run()

    assert [(tab.title, tab.sql) for tab in filled.queries.tabs("")][1] == ("Two", "select 2")
    assert editor(at)["text"] == "select 2"


def test_two_windows_lose_nothing(open_page: Open, filled: engine.Experiment):
    at, other = open_page("query"), open_page("query")
    set_text(at, "select 1")
    at.run()
    set_text(other, "select 2")
    other.run()

    assert {tab.sql for tab in filled.queries.tabs("")} == {"select 1", "select 2"}
    assert editor(other)["text"] == "select 2"
    assert [toast.value for toast in other.toast] == []  # drawn at the next rerun
    other.run()
    assert "Another window" in " ".join(toast.value for toast in other.toast)


def test_the_page_opens_the_experiment_used_last(open_page: Open, bench: engine.Workbench, filled: engine.Experiment):
    bench.create(filled.to_json(), name="another")
    filled.queries.note("select 1", "duckdb", engine.WorkbenchError("No."))

    assert open_page("query").selectbox(key="chosen_experiment").value == "shop"
