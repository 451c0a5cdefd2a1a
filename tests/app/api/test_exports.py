import io
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fastapi.testclient import TestClient

import engine
from app.api import create_api
from app.api.export_places import allowed_place
from engine.errors import WorkbenchError
from engine.settings import Settings
from engine.types import ExportJob, ExportProgress

EXPORT = "/experiments/shop/export"


def ended(workbench: engine.Workbench, client: TestClient, body: dict[str, Any]) -> dict[str, Any]:
    """Start an export, and return it when it has ended."""
    started = client.post(EXPORT, json=body)
    assert started.status_code == 202, started.text
    number = started.json()["id"]
    workbench._services.exports.wait(workbench["shop"].export_job(number))
    return client.get(f"/experiments/shop/exports/{number}").json()


def test_an_export_runs_in_the_background_and_is_downloaded(
    client: TestClient, filled: engine.Experiment, workbench: engine.Workbench
):
    body = ended(workbench, client, {"format": "csv", "target": "snowflake"})

    assert (body["id"], body["run"], body["status"], body["error"]) == (1, 1, "COMPLETED", None)
    assert (body["progress"]["rows_done"], body["progress"]["files"]) == (70, 2)
    assert (body["result"]["url"], body["result"]["rows"]) == (None, 70)
    assert [(each["table"], each["format"], each["files"]) for each in body["result"]["tables"]] == [
        ("customers", "csv", 1),
        ("orders", "csv", 1),
    ]
    response = client.get("/experiments/shop/exports/1/download")
    assert response.headers["content-disposition"] == 'attachment; filename="shop-run1-csv.zip"'
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        orders = pl.read_csv(archive.read("main/orders/part-0000000.csv"))
        script = archive.read("load.sql").decode()
    assert {"_SUCCESS", "ddl.sql", "load.sql", "manifest.json"} < set(names)
    assert not any(name.startswith("_dw_sim") for name in names)
    assert orders["order_id"].to_list() == filled.preview("orders", 50, seed=7)["order_id"].to_list()
    assert "put 'file:///YOUR-FOLDER/main/orders/part-*.csv'" in script
    assert str(workbench.settings.home) not in script

    assert ended(workbench, client, {"rows": 3, "seed": 9, "tables": ["orders"], "format": "duckdb"})["run"] is None
    listed = client.get("/experiments/shop/exports").json()["exports"]
    assert [(each["id"], each["seed"], each["result"]["rows"]) for each in listed] == [(2, 9, 3), (1, 7, 70)]
    assert listed[0]["result"]["tables"][0]["files"] is None
    assert listed[0]["result"]["bytes"] > 0
    assert client.delete("/experiments/shop/exports/1").status_code == 204
    assert client.get("/experiments/shop/exports/1/download").status_code == 404
    assert len(list((workbench.settings.home / "temp").glob(".export-*"))) == 1
    workbench.delete("shop")
    assert list((workbench.settings.home / "temp").glob(".export-*")) == []


def test_an_estimate_has_sizes_and_scripts(client: TestClient, filled: engine.Experiment):
    body = client.post(f"{EXPORT}/estimate", json={"target": "redshift", "location": "s3://lake/shop"}).json()

    assert (body["format"], body["rows"], body["files"]) == ("parquet", 70, 2)
    assert [each["table"] for each in body["tables"]] == ["customers", "orders"]
    assert "from 's3://lake/shop/main/orders.manifest'" in body["scripts"]["load.sql"]
    assert "create table" in body["scripts"]["ddl.sql"].lower()
    assert (body["workers"], body["elapsed_seconds"]) == (None, None)
    by_two = client.post(f"{EXPORT}/estimate", json={"workers": 2, "rows_per_file": 10}).json()
    assert (by_two["workers"], by_two["files"]) == (2, 7)
    assert 0 < by_two["elapsed_seconds"] <= by_two["seconds"]
    assert sum(each["seconds"] for each in by_two["tables"]) == pytest.approx(by_two["seconds"])
    assert client.post(f"{EXPORT}/estimate", json={"workers": 0}).status_code == 422
    assert client.post(f"{EXPORT}/estimate", json={"format": "dbt"}).json()["scripts"] == {}


def test_an_export_is_cancelled_and_leaves_nothing(
    client: TestClient, filled: engine.Experiment, workbench: engine.Workbench, monkeypatch: pytest.MonkeyPatch
):
    shown: list[tuple[int, int]] = []

    def cancel(job: ExportJob, progress: ExportProgress) -> None:
        shown.append((client.post(EXPORT).status_code, client.delete("/experiments/shop/exports/1").status_code))
        client.post("/experiments/shop/exports/1/cancel")
        object.__setattr__(job, "_progress", progress)

    watched = property(lambda job: getattr(job, "_progress", None), lambda job, new: new and cancel(job, new))
    monkeypatch.setattr(ExportJob, "progress", watched, raising=False)

    body = ended(workbench, client, {})

    assert (body["status"], body["result"], body["error"]) == ("ABORTED", None, "The export was cancelled.")
    assert shown == [(409, 409)]
    assert client.get("/experiments/shop/exports/1/download").status_code == 409
    assert client.post("/experiments/shop/exports/1/cancel").json()["status"] == "ABORTED"
    assert list((workbench.settings.home / "temp").glob(".export-*")) == []


def test_bad_exports_are_refused(client: TestClient, shop: engine.Experiment, workbench: engine.Workbench):
    assert client.post(EXPORT).status_code == 409  # no run
    assert client.post("/experiments/nope/export").status_code == 404
    assert client.post(EXPORT, json={"rows": 5, "seed": 1, "tables": ["odrers"]}).status_code == 404
    for path in ("", "/download"):
        assert client.get(f"/experiments/shop/exports/9{path}").status_code == 404
    assert client.post("/experiments/shop/exports/9/cancel").status_code == 404
    for wrong in (
        {"rows": 5},
        {"format": "orc", "rows": 5, "seed": 1},
        {"rows": 20_000, "seed": 1, "format": "sql"},
        {"rows": 5, "seed": 1, "to": "/"},
        {"rows": 5, "seed": 1, "to": "s3://bucket/x"},
        {"rows": 5, "seed": 1, "role": "secret"},
    ):
        assert client.post(EXPORT, json=wrong).status_code == 422, wrong
    assert client.get("/experiments/shop/exports").json() == {"exports": []}


def test_a_full_disk_is_told_before_the_first_file(
    client: TestClient, shop: engine.Experiment, workbench: engine.Workbench, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("engine.generation.estimates.free_bytes", lambda folder: 1000)

    body = ended(workbench, client, {"rows": 5000, "seed": 1})

    assert (body["status"], body["is_downloadable"]) == ("FAILED", False)
    assert "1 kB are free" in body["error"] or "1.0 kB are free" in body["error"]


def test_the_server_exports_to_places_that_its_user_has_named(tmp_path: Path):
    lake = tmp_path / "lake"
    settings = Settings(home=tmp_path / "home", export_places=(str(lake), "s3://bucket/shared"))
    with engine.Workbench(settings=settings) as workbench, TestClient(create_api(workbench)) as client:
        workbench.create({"name": "shop", "tables": [{"name": "t", "columns": [{"name": "a", "data_type": "INT"}]}]})

        body = ended(workbench, client, {"to": str(lake / "a"), "rows": 5, "seed": 1})
        packed = ended(workbench, client, {"to": str(lake / "b.zip"), "zip": True, "rows": 5, "seed": 1})

        assert body["result"]["url"] == str(lake / "a")
        assert not body["is_downloadable"]
        assert (lake / "a/_SUCCESS").is_file()
        assert packed["result"]["url"] == str(lake / "b.zip")
        assert zipfile.is_zipfile(lake / "b.zip")
        assert client.get("/experiments/shop/exports/1/download").status_code == 409
        again = ended(workbench, client, {"to": str(lake / "a"), "rows": 5, "seed": 1})
        assert again["error"].startswith(f"{lake}/a: This export is complete there")
        assert not list((settings.home / "temp").glob(".export-*"))
    assert not list((settings.home / "temp").glob(".export-*"))


def test_no_place_leads_out_of_those_that_are_named(tmp_path: Path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/link").symlink_to(tmp_path)
    allowed = (str(tmp_path / "in"), "s3://bucket/shared")
    inside = str(tmp_path / "in")
    assert allowed_place(f"{inside}/a/../b", allowed) == f"{inside}/b"
    assert allowed_place("s3://bucket/shared/x", allowed) == "s3://bucket/shared/x"
    for wrong in (
        "", "x", "\0", f"{inside}/../x", f"{inside}x", f"{inside}/link/x", "s3://bucket/sharedx", "s3://bucket/shared/../x",
        "s3://bucket/shared/%2e%2e/x", f"file://{inside}/x", "s3://other/shared",
    ):  # fmt: skip
        with pytest.raises(WorkbenchError, match="does not export to this place"):
            allowed_place(wrong, allowed)
