"""Each kind of command does what its label says, from any page."""

from collections.abc import Sequence

import pytest
from streamlit.testing.v1 import AppTest

import engine
from app.components.commands import command_palette as module
from app.components.shared.palette import Command
from tests.app.conftest import Open


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch):
    """Choose a command in the palette at the next rerun of a page."""

    def choose_command(at: AppTest, kind: str, name: str) -> AppTest:
        waiting = [(kind, name)]

        def chosen(commands: Sequence[Command]) -> Command | None:
            wanted = waiting.pop() if waiting else None
            return next((each for each in commands if (each.kind, each.name) == wanted), None)

        monkeypatch.setattr(module, "palette", chosen)
        at.run()
        assert not at.exception
        assert not waiting
        return at

    return choose_command


@pytest.mark.parametrize("page", ["experiments", "board", "query"])
def test_a_table_shows_its_first_rows(open_page: Open, filled: engine.Experiment, choose, page: str):
    at = choose(open_page(page), "table", "orders")

    assert at.title[0].value == "Query"
    assert list(at.dataframe[0].value.columns) == ["order_id", "customer_id", "ordered_on", "total"]


def test_a_saved_query_runs_with_its_view(open_page: Open, filled: engine.Experiment, choose):
    filled.queries.save("how many", "select count(*) as n from orders", view="table")

    at = choose(open_page("generate"), "saved", "how many")

    assert at.title[0].value == "Query"
    assert at.dataframe[0].value["n"].tolist() == [40]
    assert not at.get("vega_lite_chart")


@pytest.mark.parametrize(
    ("name", "title"), [("board", "Board"), ("runs", "Runs"), ("new_experiment", "New experiment")]
)
def test_a_page_opens(open_page: Open, filled: engine.Experiment, choose, name: str, title: str):
    assert choose(open_page("query"), "page", name).title[0].value == title


def test_actions_on_the_query_page(open_page: Open, filled: engine.Experiment, choose):
    at = open_page("query")
    at.session_state["_sql_shop"] = "select 7 as seven"
    at.run()

    choose(at, "action", "run")
    assert at.dataframe[0].value["seven"].tolist() == [7]
    choose(at, "action", "format")
    assert at.session_state["_sql_shop"] == "SELECT 7 AS seven"
    choose(at, "action", "explain")
    assert any('<ul class="plan">' in each.proto.body for each in at.get("html"))
    choose(at, "action", "new_tab")
    assert at.session_state["_sql_shop"] == ""
    assert len(filled.queries.tabs("")) == 2


def test_actions_on_another_page_open_the_query_page(open_page: Open, filled: engine.Experiment, choose):
    for name in ("run", "format", "explain", "analyze", "new_tab"):
        assert choose(open_page("runs"), "action", name).title[0].value == "Query"
