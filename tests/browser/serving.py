"""The real app in its own process, and the browser for it: for tests, measurements and pictures."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (  # no calls of the browser itself
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
    " --no-first-run"
).split()


def chromium_path() -> str | None:
    """Return the path of this machine's Chromium, None without one."""
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


@dataclass(frozen=True)
class App:
    """A running app: its address and process id."""

    address: str
    process_id: int


@contextmanager
def served(home: Path, folder: Path) -> Iterator[App]:
    """Start the app on a home folder in another working directory, and stop it with Ctrl+C at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "--port", "0"],
        cwd=folder,
        env=os.environ | {"DW_SIM_HOME": str(home), "DW_SIM_QUERY_WORKERS": "1", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    output = ""
    while (found := re.search(r"http://[\w.]+:\d+", output)) is None and process.poll() is None:
        output += process.stdout.readline()
    assert found, output
    try:
        yield App(found[0], process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=120)
    assert "Traceback" not in output, output


def watched(tab: "Page", address: str) -> tuple["Page", list[str]]:
    """Return the tab and the list that collects its errors."""
    faults: list[str] = []
    local = (address, address.replace("http", "ws"), "data:", "blob:")
    tab.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("request", lambda request: None if request.url.startswith(local) else faults.append(request.url))
    tab.on("websocket", lambda socket: None if socket.url.startswith(local) else faults.append(socket.url))
    return tab, faults
