import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

import engine
from engine.errors import NotFoundError, WorkbenchError
from engine.store import database, workplace_rows
from engine.store.workplace_rows import QueryTab

SHOP = {"name": "shop", "tables": [{"name": "t", "target_rows": 3, "columns": [{"name": "id", "data_type": "INT"}]}]}
TAB = QueryTab("", "Query 1", "select 1", "duckdb")


@pytest.fixture
def bench(home):
    with engine.Workbench(home) as workbench:
        yield workbench


@pytest.fixture
def shop(bench):
    return bench.create(SHOP)


def test_tabs_are_kept_by_browser_in_their_order(bench: engine.Workbench, shop: engine.Experiment):
    first = shop.queries.add_tab("a", TAB)
    shop.queries.add_tab("a", replace(TAB, title="Query 2", view="chart", chart={"mark": "bar"}))
    shop.queries.add_tab("b", replace(TAB, title="Other"))
    shop.queries.change_tab("a", replace(first, sql="select 2"))

    assert [(tab.title, tab.sql, tab.view, tab.chart) for tab in bench["shop"].queries.tabs("a")] == [
        ("Query 1", "select 2", "", {}),
        ("Query 2", "select 1", "chart", {"mark": "bar"}),
    ]


def test_a_change_based_on_an_old_revision_is_refused(shop: engine.Experiment):
    tab = shop.queries.add_tab("a", TAB)
    saved = shop.queries.change_tab("a", replace(tab, sql="select 2"))

    assert saved is not None and saved.revision == 1
    assert shop.queries.change_tab("a", replace(tab, sql="select 3")) is None
    shop.queries.remove_tab("a", tab.id)
    assert shop.queries.change_tab("a", saved) is None


def test_the_tabs_unchanged_for_longest_are_deleted(shop: engine.Experiment, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workplace_rows, "MAX_TABS", 2)
    for browser in ("a", "b", "c"):
        shop.queries.add_tab(browser, TAB)

    assert [len(shop.queries.tabs(browser)) for browser in ("a", "b", "c")] == [0, 1, 1]


def test_a_draft_has_the_same_id_for_the_same_text(shop: engine.Experiment, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workplace_rows, "MAX_DRAFTS", 2)
    first = shop.queries.store_draft("select 1")

    assert shop.queries.store_draft("select 1") == first
    assert shop.queries.stored_draft(first) == "select 1"
    for number in (2, 3):
        shop.queries.store_draft(f"select {number}")
    with pytest.raises(NotFoundError, match="no longer stored"):
        shop.queries.stored_draft(first)


def test_the_experiment_used_last_comes_first(bench: engine.Workbench, shop: engine.Experiment):
    bench.create(SHOP, name="other")
    assert bench.recently_used() == ["other", "shop"]

    shop.queries.note("select 1", "duckdb", WorkbenchError("No."))
    assert bench.recently_used() == ["shop", "other"]
    bench["other"].queries.add_tab("a", TAB)
    assert bench.recently_used() == ["other", "shop"]


def test_a_saved_query_keeps_its_view_and_chart(shop: engine.Experiment):
    shop.queries.save("rows", "select 1", view="chart", chart={"x": "id", "mark": "bar", "color": ""})

    saved = shop.queries.saved_query("ROWS")

    assert (saved.view, saved.chart) == ("chart", {"mark": "bar", "x": "id", "color": ""})


@pytest.mark.parametrize(
    ("view", "chart", "message"),
    [
        ("both", {"marks": "bar"}, 'Unknown part of a chart "marks"'),
        ("pie", {}, 'Unknown view "pie"'),
        ("both", {"x": "x" * 501}, "The chart's x is longer than 500 characters"),
    ],
)
def test_unknown_views_and_parts_are_refused(shop: engine.Experiment, view, chart, message):
    with pytest.raises(WorkbenchError, match=message):
        shop.queries.save("rows", "select 1", view=view, chart=chart)


def test_a_catalog_without_views_keeps_its_saved_queries(home, monkeypatch: pytest.MonkeyPatch):
    step = database._STEPS.index(database._WORKPLACE)
    with monkeypatch.context() as patch:
        patch.setattr(database, "_STEPS", database._STEPS[:step])
        patch.setattr(database, "_VERSION", step)
        with engine.Workbench(home) as workbench:
            workbench.create(SHOP)
        with closing(sqlite3.connect(home / "catalog.sqlite")) as connection, connection:
            connection.execute(
                "insert into saved_queries values (1, 'rows', 'select 1', 'duckdb', '2026-01-01T00:00:00+00:00')"
            )

    with engine.Workbench(home) as workbench:
        (saved,) = workbench["shop"].queries.saved()

    assert (saved.name, saved.view, saved.chart) == ("rows", "both", {})
