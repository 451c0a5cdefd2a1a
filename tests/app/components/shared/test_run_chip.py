"""The chip of the running jobs: it is on every page, and its files load nothing from elsewhere."""

import re
from pathlib import Path

import pytest

import engine
from tests.app.conftest import Open

FOLDER = Path(__file__).resolve().parents[4] / "app" / "components" / "shared" / "run_chip" / "browser"
SCRIPTS = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.js")}


@pytest.mark.parametrize("page", ["experiments", "new_experiment", "generate", "runs", "query", "explore"])
def test_every_page_has_the_chip(open_page: Open, shop: engine.Experiment, page: str):
    found = [each.proto.component_name for each in open_page(page).get("bidi_component")]

    assert "dw_simulator_runs.run_chip" in found


def test_the_files_load_only_each_other():
    for text in SCRIPTS.values():
        assert set(re.findall(r"""(?:import|from)\s*\(?["'](.+?)["']""", text)) <= {f"./{name}" for name in SCRIPTS}
        assert set(re.findall(r"fetch\(`(/\w+/\w+)", text)) <= {"/api/runs", "/api/experiments"}
        assert "http" not in text


def test_permission_to_notify_is_asked_only_by_a_click():
    assert [name for name, text in SCRIPTS.items() if "requestPermission" in text] == ["notification.js"]
    assert re.search(r"button\([^\n]*=> ask\(\)", SCRIPTS["view.js"])
