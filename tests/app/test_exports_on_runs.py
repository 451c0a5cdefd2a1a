"""Exporting a run on the page Runs: the dialog with its estimate, the progress, and the download."""

import pytest

import engine

from .conftest import Open, texts


def wait_for_export(shop: engine.Experiment) -> None:
    shop._services.exports.wait(shop.export_jobs()[0])


def test_a_run_is_exported_and_removed(open_page: Open, filled: engine.Experiment):
    at = open_page("runs")
    at.button(key="export:shop:1").click().run()
    assert "**45 rows** in **2 files**" in texts(at)
    scripts = [each.value for each in at.code]
    assert any("insert into" in text.lower() and "read_parquet" in text for text in scripts)

    at.session_state["export_format:shop:1"] = "csv"
    at.session_state["export_target:shop:1"] = "redshift"
    at.session_state["export_tables:shop:1"] = ["orders"]
    at.button(key="export:shop:1").click().run()
    assert "**40 rows** in **1 file**" in texts(at)
    assert any("copy orders" in each.value for each in at.code)
    assert "export_codec:shop:1" not in [each.key for each in at.selectbox]

    at.button(key="export_yes").click().run()
    wait_for_export(filled)
    at.run()
    assert not at.exception
    assert "CSV for Redshift :gray[· 40 rows in 1 file" in texts(at)
    assert "export_zip:shop:1" in [each.key for each in at.get("download_button")]

    at.button(key="remove_export:shop:1").click().run()
    assert "CSV for Redshift" not in texts(at)
    assert filled.export_jobs() == []


def test_what_a_format_cannot_hold_is_told_before_and_after(
    open_page: Open, filled: engine.Experiment, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("engine.export.table_files.MAX_INSERT_ROWS", 10)
    at = open_page("runs")
    at.session_state["export_format:shop:1"] = "sql"
    at.button(key="export:shop:1").click().run()
    told = "It has 40 rows, and a script of INSERTs holds 10"
    assert told in texts(at)

    at.button(key="export_yes").click().run()
    at.button(key="export:shop:1").click().run()

    assert texts(at).count(told) == 1
    assert filled.export_jobs() == []
    monkeypatch.setattr("engine.generation.estimates.free_bytes", lambda folder: 10)
    filled.start_export()
    wait_for_export(filled)
    at = open_page("runs")
    assert "Parquet for DuckDB failed." in texts(at)
    at.button(key="remove_export:shop:1").click().run()
    assert "failed" not in texts(at)
