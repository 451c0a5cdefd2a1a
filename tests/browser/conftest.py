"""Fixtures for a real Chromium against a real `python -m app`.

One app serves all tests; each test has its own experiment, created by the engine in the same home folder. A page fails
its test when the browser's console has an error or the page contacts another host.
"""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import engine
from engine.settings import Settings
from tests.app.conftest import SHOP
from tests.browser.pictures import AT_REST
from tests.browser.serving import CHROMIUMS, FLAGS, chromium_path, served, watched
from tests.engine.conftest import until

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed.")
Browser, BrowserContext, Page, Locator = (
    playwright.Browser,
    playwright.BrowserContext,
    playwright.Page,
    playwright.Locator,
)

PATIENCE_MILLISECONDS = 180_000
Open = Callable[..., "Page"]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """The Chromium of this machine; without one the browser tests are skipped."""
    path = chromium_path()
    if path is None:
        pytest.skip(f"No browser here: none of {', '.join(CHROMIUMS)} is on the PATH.")
    playwright.expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def window(browser: "Browser") -> Iterator["BrowserContext"]:
    """The window whose tabs are the tests' pages; they share the browser's cache."""
    opened = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    opened.set_default_timeout(PATIENCE_MILLISECONDS)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engine.Workbench]:
    """The workbench that the app and the tests share; its runs write many small chunks."""
    with engine.Workbench(settings=Settings(home=tmp_path_factory.mktemp("shared"), chunk_rows=1000)) as opened:
        yield opened


@pytest.fixture(scope="session")
def address(bench: engine.Workbench, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app that all tests share."""
    with served(bench.settings.home, tmp_path_factory.mktemp("elsewhere")) as app:
        yield app.address


@pytest.fixture
def shop(bench: engine.Workbench) -> Iterator[engine.Experiment]:
    """A small experiment for this test, with one run loaded."""
    experiment = bench.create(SHOP, name=f"shop{next(_numbers)}")
    experiment.generate(seed=7, progress=lambda _progress: None)
    yield experiment
    if experiment.name in bench:
        if experiment.progress() is not None:
            experiment.cancel()
            until(lambda: experiment.progress() is None)
        bench.delete(experiment.name)


@pytest.fixture
def open_page(window: "BrowserContext", address: str) -> Iterator[Open]:
    """Open pages of the shared app by name and experiment; a console error or another host fails the test."""
    opened = []

    def open_one(name: str = "", experiment: engine.Experiment | None = None) -> "Page":
        tab, faults = watched(window.new_page(), address)
        opened.append((tab, faults))
        tab.goto(f"{address}/{name}" + (f"?experiment={experiment.name}" if experiment else ""))
        return tab

    yield open_one
    for tab, _ in opened:
        tab.close()
    window.clear_cookies()  # drafts and query tabs belong to a browser: the next test is another one
    assert [faults for _, faults in opened] == [[] for _ in opened]


@pytest.fixture
def page_of_a_new_user(window: "BrowserContext", home: Path, tmp_path: Path) -> Iterator["Page"]:
    """The first page of a separate app on an empty home folder."""
    with served(home, tmp_path) as app:
        tab, faults = watched(window.new_page(), app.address)
        tab.goto(app.address)
        yield tab
        tab.close()
        assert faults == []


def button(locator: "Page | Locator", name: str) -> "Locator":
    return locator.get_by_role("button", name=name, exact=True)


def choose(page: "Page", field: "Locator", option: str) -> None:
    """Choose from a list by its field; a list that the page closes, because it draws anew, is opened once more."""
    wanted = page.get_by_role("option", name=option, exact=True)
    for milliseconds in (10_000, 20_000, PATIENCE_MILLISECONDS):
        page.wait_for_function(AT_REST)
        field.fill(option)
        try:
            wanted.click(timeout=milliseconds)
        except playwright.TimeoutError:
            continue
        return
    pytest.fail(f"The list has no {option}.")


def go_to(page: "Page", name: str) -> None:
    """Open a page by one click on its link in the navigation."""
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("heading", name=name, exact=True).wait_for()


def saved(page: "Page", link: "Locator") -> tuple[str, Path]:
    """Download by a click; return the suggested file name and the path of the file."""
    with page.expect_download() as download:
        link.click()
    return download.value.suggested_filename, Path(download.value.path())
