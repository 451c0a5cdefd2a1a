"""A real Chromium against a real `python -m app`: what only a browser can show.

A page object fails its test when the browser's console reports an error or the page asks another host for anything.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed.")
Browser, Page = playwright.Browser, playwright.Page

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (  # no calls of the browser itself
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
    " --no-first-run"
).split()


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """The Chromium of this machine; without one the browser tests are skipped."""
    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if path is None:
        pytest.skip(f"No browser here: none of {', '.join(CHROMIUMS)} is on the PATH.")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def address(home: Path, tmp_path: Path) -> Iterator[str]:
    """The address of an app of its own, on an empty home folder."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "--port", "0"],
        cwd=tmp_path,
        env=os.environ | {"DW_SIM_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    while (found := re.search(r"http://[\w.]+:\d+", said)) is None and process.poll() is None:
        said += process.stdout.readline()
    assert found, said
    yield found[0]
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=20)
    assert "Traceback" not in said, said


@pytest.fixture
def page(browser: "Browser", address: str) -> Iterator["Page"]:
    """A page on the app that tolerates no console error and no other host."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    tab, faults = watched(context.new_page(), address)
    tab.goto(address)
    yield tab
    context.close()
    assert faults == []


def watched(tab: "Page", address: str) -> tuple["Page", list[str]]:
    """Return the tab and the list that its faults will be added to."""
    faults: list[str] = []
    local = (address, address.replace("http", "ws"), "data:", "blob:")
    tab.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("request", lambda request: None if request.url.startswith(local) else faults.append(request.url))
    tab.on("websocket", lambda socket: None if socket.url.startswith(local) else faults.append(socket.url))
    return tab, faults
