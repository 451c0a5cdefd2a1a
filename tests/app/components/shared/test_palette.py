"""The command palette is on every page, carries out its commands, and loads nothing from elsewhere."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import engine
from tests.app.conftest import Open

FOLDER = Path(__file__).resolve().parents[4] / "app" / "components" / "shared" / "palette" / "browser"
SCRIPTS = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.js")}


def commands(at: AppTest) -> list[tuple[str, str]]:
    [data] = [
        json.loads(each.proto.json)
        for each in at.get("bidi_component")
        if each.proto.component_name == "dw_simulator_commands.palette"
    ]
    found: list[dict[str, Any]] = data["commands"]
    return [(each["kind"], each["name"]) for each in found]


@pytest.mark.parametrize("page", ["experiments", "new_experiment", "generate", "runs", "query", "board", "explore"])
def test_every_page_offers_pages_experiments_tables_queries_and_actions(
    open_page: Open, filled: engine.Experiment, page: str
):
    filled.queries.save("revenue", "select sum(total) as revenue from orders")

    offered = commands(open_page(page))

    assert {("page", "board"), ("experiment", "shop"), ("table", "orders"), ("saved", "revenue")} <= set(offered)
    assert {name for kind, name in offered if kind == "action"} == {"run", "format", "explain", "analyze", "new_tab"}


def test_the_files_load_only_each_other():
    for text in SCRIPTS.values():
        assert set(re.findall(r"""(?:import|from)\s*\(?["'](.+?)["']""", text)) <= {f"./{name}" for name in SCRIPTS}
        assert "fetch(" not in text
        assert "http" not in text
        assert "innerHTML" not in text
