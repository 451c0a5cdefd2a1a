"""Fixtures for the pages under Streamlit's AppTest, with the real engine on its own home folder."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

import engine
from app.asgi import keep_page_folder_in_path, options
from app.shared_workbench import workbench
from engine.errors import CancelledError
from engine.generation.writer import Hooks, write_run

keep_page_folder_in_path()  # as the server does

MAIN = Path(__file__).resolve().parents[2] / "app" / "main.py"

SHOP: dict[str, Any] = {
    "name": "shop",
    "description": "A small shop.",
    "tables": [
        {
            "name": "customers",
            "target_rows": 5,
            "columns": [
                {"name": "customer_id", "data_type": "INT", "is_unique": True},
                {"name": "country", "data_type": "VARCHAR(2)", "values": ["DE", "FR"]},
            ],
        },
        {
            "name": "orders",
            "target_rows": 40,
            "columns": [
                {"name": "order_id", "data_type": "INT", "is_unique": True},
                {
                    "name": "customer_id",
                    "data_type": "INT",
                    "foreign_key": {"references_table": "customers", "references_column": "customer_id"},
                },
                {
                    "name": "ordered_on",
                    "data_type": "DATE",
                    "date_start": "2024-01-01",
                    "date_end": "2024-12-31",
                },
                {"name": "total", "data_type": "DECIMAL(10,2)", "min_value": 1, "max_value": 900},
            ],
        },
    ],
}

Open = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def options_of_the_server() -> None:
    """Draw the pages with magic off, as the server does: its parser fails where a page is drawn deep in a stack."""
    config.set_option("runner.magicEnabled", options("127.0.0.1", 8501)["runner.magicEnabled"])


@pytest.fixture(scope="session", autouse=True)
def components_of_packages() -> Iterator[None]:
    """Let Streamlit look for components among the installed packages once, and not for each page of a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture
def bench(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[engine.Workbench]:
    """The workbench of the pages on the test's own home folder; queries run in this process and to their end."""
    monkeypatch.setenv("DW_SIM_QUERY_WORKERS", "0")
    monkeypatch.setattr("app.background_task.QUICK_SECONDS", 30.0)
    workbench.cache_clear()
    yield workbench()
    workbench.cache_clear()


@pytest.fixture
def shop(bench: engine.Workbench) -> engine.Experiment:
    """A small experiment with empty tables."""
    return bench.create(SHOP)


@pytest.fixture
def filled(shop: engine.Experiment) -> engine.Experiment:
    """The small experiment with one completed run in its tables."""
    shop.generate(seed=7, progress=lambda _progress: None)
    return shop


@pytest.fixture
def open_page(bench: engine.Workbench) -> Open:
    """Open a page of the app by its file name, through the frame and with query parameters, as a browser does."""

    def open_one(page: str = "experiments", **address: str) -> AppTest:
        at = AppTest.from_file(str(MAIN), default_timeout=120)
        for key, value in address.items():
            at.query_params[key] = value
        at.run()
        if page != "experiments":
            at.switch_page(f"app_pages/{page}.py").run()
        assert not at.exception, at.exception
        return at

    return open_one


def texts(at: AppTest) -> str:
    """Return all text on a page, without Markdown escapes."""
    written = [*at.title, *at.header, *at.markdown, *at.caption, *at.success, *at.warning, *at.error, *at.info]
    return "\n".join(str(element.value) for element in written).replace("\\", "")


@pytest.fixture
def busy(shop: engine.Experiment, monkeypatch: pytest.MonkeyPatch) -> Iterator[engine.Experiment]:
    """The small experiment with a run in progress that waits after three customers, until it is cancelled."""
    release = threading.Event()

    def waiting(*arguments: Any, hooks: Hooks, **options: Any) -> Any:
        hooks.on_rows("customers", 3)
        while not release.wait(0.02):
            if hooks.is_cancelled():
                raise CancelledError("The run was cancelled.")
        return write_run(*arguments, hooks=hooks, **options)

    monkeypatch.setattr("engine.runs.run.write_run", waiting)
    shop.start(seed=3)
    yield shop
    release.set()
    wait_for_run(shop)


@pytest.fixture
def failing_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every run fail, as on a full disk."""

    def failing(*_arguments: Any, **_options: Any) -> Any:
        raise OSError("No space left on device")

    monkeypatch.setattr("engine.runs.run.write_run", failing)


@pytest.fixture
def broken_run(shop: engine.Experiment, failing_writer: None) -> engine.Run:
    """A failed run of the small experiment."""
    with pytest.raises(engine.WorkbenchError):
        shop.generate(seed=5, progress=lambda _progress: None)
    return shop.runs()[0]


def wait_for_run(experiment: engine.Experiment) -> engine.Run:
    """Wait for the newest run to end, and return it."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        run = experiment.runs()[0]
        if run.status != "RUNNING":
            return run
        time.sleep(0.02)
    raise AssertionError("The run does not end.")
