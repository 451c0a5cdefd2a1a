"""A lost catalog: the pages offer to recover it, and the API returns the error with a hint."""

import pytest
from fastapi.testclient import TestClient
from streamlit.testing.v1 import AppTest

from app.api import create_api
from app.shared_workbench import workbench
from engine import Workbench
from tests.app.conftest import MAIN, SHOP


@pytest.fixture
def lost(home, monkeypatch):
    monkeypatch.setenv("DW_SIM_QUERY_WORKERS", "0")
    with Workbench() as bench:
        bench.create(SHOP).generate(seed=1, progress=lambda now: None)
        root = bench.settings.home
    for path in root.glob("catalog.sqlite*"):
        path.unlink()
    workbench.cache_clear()
    yield root
    if workbench.cache_info().currsize:
        workbench().close()
    workbench.cache_clear()


def test_the_page_recovers_a_lost_catalog(lost):
    page = AppTest.from_file(str(MAIN), default_timeout=120).run()
    assert "dw-sim recover" in page.error[0].value.replace("\\", "")
    page.button(key="recover").click().run()
    assert not page.exception
    assert workbench()["shop"].row_counts() == {"customers": 5, "orders": 40}


def test_the_api_returns_the_error(lost):
    with TestClient(create_api(workbench)) as client:
        response = client.get("/experiments")
        assert response.status_code == 409
        assert "dw-sim recover" in response.json()["hint"]
        Workbench.recover()
        assert client.get("/experiments").status_code == 200


def test_the_page_lists_unknown_items(lost):
    Workbench.recover()
    (lost / "experiments" / "mine").mkdir()
    (lost / "experiments" / "mine" / "best.pt").touch()
    page = AppTest.from_file(str(MAIN), default_timeout=120).run()
    assert page.expander[0].label == "1 note about the home folder"
