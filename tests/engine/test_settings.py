from dataclasses import fields
from pathlib import Path

import platformdirs
import pytest

from engine.errors import WorkbenchError
from engine.settings import Settings


def test_an_empty_environment_gives_the_defaults():
    assert Settings.from_environment({}) == Settings(
        home=platformdirs.user_data_path("dw-sim", appauthor=False),
        chunk_rows=250_000,
        query_timeout_seconds=300.0,
        query_memory_mb=2048,
        threads=0,
    )


def test_every_setting_is_read_from_its_variable():
    environment = {
        "DW_SIM_HOME": "/data/lab",
        "DW_SIM_CHUNK_ROWS": "1000",
        "DW_SIM_QUERY_TIMEOUT_SECONDS": "2.5",
        "DW_SIM_QUERY_MEMORY_MB": "512",
        "DW_SIM_THREADS": "3",
        "DW_SIM_QUERY_WORKERS": "2",
        "DW_SIM_EXPORT_PLACES": "/data/lake, s3://lake/shared,",
    }
    places = ("/data/lake", "s3://lake/shared")

    assert Settings.from_environment(environment) == Settings(Path("/data/lab"), 1000, 2.5, 512, 3, 2, places)
    assert {f"DW_SIM_{field.name.upper()}" for field in fields(Settings)} == set(environment)


def test_the_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("DW_SIM_HOME", str(tmp_path))
    monkeypatch.setenv("DW_SIM_THREADS", "7")

    assert (Settings.from_environment().home, Settings.from_environment().threads) == (tmp_path, 7)


def test_the_home_folder_may_start_with_a_tilde(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))

    assert Settings.from_environment({"DW_SIM_HOME": "~/lab"}).home == tmp_path / "lab"


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_variable_counts_as_unset(blank: str):
    environment = {"DW_SIM_CHUNK_ROWS": blank, "DW_SIM_THREADS": blank, "DW_SIM_HOME": ""}

    assert Settings.from_environment(environment) == Settings.from_environment({})


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("DW_SIM_CHUNK_ROWS", "0"),
        ("DW_SIM_CHUNK_ROWS", "many"),
        ("DW_SIM_QUERY_TIMEOUT_SECONDS", "0"),
        ("DW_SIM_QUERY_TIMEOUT_SECONDS", "inf"),
        ("DW_SIM_QUERY_TIMEOUT_SECONDS", "nan"),
        ("DW_SIM_QUERY_MEMORY_MB", "63"),
        ("DW_SIM_THREADS", "-1"),
    ],
)
def test_a_value_out_of_range_is_rejected_by_name(variable: str, text: str):
    with pytest.raises(WorkbenchError) as caught:
        Settings.from_environment({variable: text})

    assert caught.value.where == variable
    assert repr(text) in caught.value.message
    assert "unset" in caught.value.hint


def test_another_home_keeps_the_other_settings(tmp_path: Path):
    settings = Settings(Path("/here"), chunk_rows=10, threads=2)

    assert settings.at(tmp_path) == Settings(tmp_path, chunk_rows=10, threads=2)
