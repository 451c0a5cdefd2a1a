"""What every test may use: the project's folder, and a home folder of its own."""

from pathlib import Path

import pytest


@pytest.fixture
def project() -> Path:
    """The top folder of the project."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, which is also DW_SIM_HOME: no test touches the user's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("DW_SIM_HOME", str(folder))
    return folder
