"""What every test may use: the project's folder, a home folder of its own, and which tests are slow."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SLOW = (
    "benchmarks",
    "browser",
    "conformance",
    "faults",
    "app/test_server.py",
    "app/test_warming.py",
    "engine/cli/test_process.py",
    "engine/generation/test_reproducible.py",
    "engine/rules/faker/test_methods.py",
    "engine/rules/faker/test_processes.py",
    "engine/rules/test_time_shapes.py",
    "engine/sql/test_robustness.py",
    "engine/sql/translation/test_raised_errors.py",
    "engine/test_import_growth.py",
    "engine/test_properties.py",
    "engine/warehouse/test_internals.py",
    "engine/warehouse/test_macros.py",
    "engine/warehouse/test_replacing.py",
    "engine/warehouse/test_tasks.py",
    "engine/warehouse/test_workers.py",
    "test_acceptance.py",
    "test_notebooks.py",
    "test_readme.py",
)
"""Folders and files whose tests start processes or take long; `-m "not slow"` leaves them out."""


def is_slow(path: Path) -> bool:
    """Whether a file of tests, or all of a folder, is slow."""
    name = path.relative_to(TESTS).as_posix()
    return any(name == slow or name.startswith(f"{slow}/") for slow in SLOW)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if is_slow(item.path):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def project() -> Path:
    """The top folder of the project."""
    return TESTS.parent


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, which is also DW_SIM_HOME: no test touches the user's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("DW_SIM_HOME", str(folder))
    return folder
