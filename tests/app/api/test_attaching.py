"""Exports are read back from the places that the server's user has named, and from no others."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import engine
from app.api import create_api
from engine.settings import Settings
from tests.engine.conftest import SHOP

ATTACH = "/experiments/attach"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A folder with an export in `shop`, and one outside of it."""
    with engine.Workbench(tmp_path / "other") as workbench:
        shop = workbench.create(SHOP)
        shop.export(tmp_path / "lake" / "shop", rows=100, seed=4)
        shop.export(tmp_path / "outside", rows=10, seed=4)
    return tmp_path / "lake"


def test_an_export_is_read_whole_or_as_a_sample(lake: Path, tmp_path: Path):
    settings = Settings(home=tmp_path / "home", export_places=(str(lake),))
    with engine.Workbench(settings=settings) as workbench, TestClient(create_api(workbench)) as client:
        whole = client.post(ATTACH, json={"place": str(lake / "shop")})
        assert whole.status_code == 201, whole.text
        assert whole.json()["row_counts"] == {"customers": 100, "orders": 100}
        assert (whole.json()["experiment"], whole.json()["run_id"], whole.json()["seed"]) == ("shop", 1, 4)
        part = client.post(ATTACH, json={"place": str(lake / "shop"), "name": "part", "sample": {"orders": 7}}).json()
        assert (part["row_counts"]["orders"], part["exported_rows"]["orders"]) == (7, 100)
        assert workbench["part"].query("select count(*) from orders").frame.item() == 7
        assert client.post(ATTACH, json={"place": str(lake)}).status_code == 404


@pytest.mark.parametrize("place", ["outside", "lake/../outside", "lake/link", "s3://bucket/shop", ""])
def test_other_places_are_refused(lake: Path, tmp_path: Path, place: str):
    (lake / "link").symlink_to(tmp_path / "outside")
    settings = Settings(home=tmp_path / "home", export_places=(str(lake),))
    with engine.Workbench(settings=settings) as workbench, TestClient(create_api(workbench)) as client:
        answer = client.post(ATTACH, json={"place": place if "://" in place or not place else str(tmp_path / place)})

        assert answer.status_code == 422
        assert "does not read exports from this place" in answer.text
        assert workbench.experiments() == []


@pytest.mark.parametrize("sample", [0.0, 1.5, -1, True, "0.1", {"orders": -1}])
def test_what_is_no_sample_is_refused(client: TestClient, sample):
    assert client.post(ATTACH, json={"place": "x", "sample": sample}).status_code == 422
