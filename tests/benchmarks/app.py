"""How long the app keeps a person waiting, and how much memory it takes: `python -m tests.benchmarks.app`.

Five measurements, each on homes it makes itself, in a real Chromium: the first screen after `python -m app` answers,
the switch from page to page with 20 experiments of 20 tables, the same with one experiment of 300 tables, its schema
editor with a rule that is changed until the samples show it, and a table of 20 million rows browsed, charted and
profiled. A page counts as there when its own content is visible and the app is at rest. The first screen is looked at
for some seconds, as a person does, before anything else is asked for.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import BrowserContext, Page, sync_playwright
from rich.console import Console
from rich.table import Table

import engine
from tests.browser.serving import FLAGS, chromium_path, served

PAGES = {
    "Experiments": "[class*='st-key-card-']",
    "Generate": "[data-testid='stDataFrame']",
    "Runs": "[class*='st-key-run-']",
    "Query": ".cm-content",
    "Explore": "[data-testid='stDataFrame']",
}
"""The pages by the name of their link, with what they are for."""

AT_REST = "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
PATIENCE_MILLISECONDS = 120_000
ROUNDS = 5
WIDE_TABLES, WIDE_COLUMNS = 300, 250
LOOK_MILLISECONDS = 4000
BY_MONTH = "select date_trunc('month', seen_at) as month, kind, sum(amount) as amount from events group by all"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.app", description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000_000, help="rows of the great table (default 20,000,000)")
    parser.add_argument("--experiments", type=int, default=20, help="experiments of 20 tables (default 20)")
    arguments = parser.parse_args()
    console = Console(width=100)
    with tempfile.TemporaryDirectory(prefix="waits-") as folder:
        homes = Path(folder)
        console.print(first_screens(homes / "empty", "a new user's home"))
        make_many(homes / "many", arguments.experiments)
        console.print(first_screens(homes / "many", f"{arguments.experiments} experiments"))
        console.print(page_switches(homes / "many", f"{arguments.experiments} experiments"))
        make_wide(homes / "wide")
        console.print(page_switches(homes / "wide", f"{WIDE_TABLES} tables, one of {WIDE_COLUMNS} columns"))
        console.print(schema_editor(homes / "wide", "wide"))
        make_great(homes / "great", arguments.rows)
        console.print(great_table(homes / "great", arguments.rows))


def first_screens(home: Path, title: str) -> Table:
    """Measure from the app's first word to a first screen at rest: in a browser started for it, and once more."""
    with served(home, home.parent) as app, _window() as window:
        seconds = []
        for _ in range(2):
            tab = window.new_page()
            start = time.perf_counter()
            tab.goto(app.address)
            tab.get_by_role("heading", name="Experiments", exact=True).wait_for()
            _rest(tab)
            seconds.append(time.perf_counter() - start)
            tab.wait_for_timeout(LOOK_MILLISECONDS)
            tab.close()
    return _table(f"First screen: {title}", ["cold browser", "again"], [[f"{value:.2f} s" for value in seconds]])


def page_switches(home: Path, title: str) -> Table:
    """Measure each page's appearance after a click on its link."""
    taken: dict[str, list[float]] = {name: [] for name in PAGES}
    with served(home, home.parent) as app, _window() as window:
        tab = window.new_page()
        tab.goto(app.address)
        _rest(tab)
        tab.wait_for_timeout(LOOK_MILLISECONDS)
        for _ in range(ROUNDS + 1):  # the first round fetches the scripts of each page
            for name in [*list(PAGES)[1:], "Experiments"]:
                link = tab.get_by_role("link", name=name, exact=True)
                start = time.perf_counter()
                link.click()
                tab.get_by_role("heading", name=name, exact=True).wait_for()
                tab.locator(PAGES[name]).first.wait_for()
                _rest(tab)
                taken[name].append(time.perf_counter() - start)
    rows = [
        [name, f"{seconds[0]:.2f} s", f"{statistics.median(seconds[1:]):.2f} s", f"{max(seconds[1:]):.2f} s"]
        for name, seconds in taken.items()
    ]
    return _table(f"Page switch: {title}", ["page", "first", "median", "slowest"], rows)


def schema_editor(home: Path, experiment: str) -> Table:
    """Measure the schema editor: until it is there, until a column's rule is, and from a new rule to its samples."""
    taken: dict[str, list[float]] = {"the editor": [], "a column's rule": [], "a rule to its samples": []}
    with served(home, home.parent) as app, _window() as window:
        tab = window.new_page()
        for turn in range(ROUNDS + 1):
            start = time.perf_counter()
            tab.goto(f"{app.address}/schema?experiment={experiment}")
            panel = tab.locator(".st-key-rule_panel")
            field = tab.locator("[class*='st-key-rule_columns'] input").first
            field.wait_for()
            _rest(tab)
            opened = time.perf_counter()
            field.click()
            field.fill("amount")
            field.press("Enter")
            field.press("Escape")
            least = panel.get_by_label("Min", exact=True).first
            least.wait_for()
            _rest(tab)
            chosen = time.perf_counter()
            samples = panel.locator("code").first
            before = samples.inner_text()
            changing = time.perf_counter()
            least.fill(str(turn + 900))
            least.press("Enter")
            tab.wait_for_function(
                "before => document.querySelector('.st-key-rule_panel code')?.innerText !== before", arg=before
            )
            changed = time.perf_counter()
            for name, seconds in zip(taken, (opened - start, chosen - opened, changed - changing), strict=True):
                taken[name].append(seconds)
    rows = [
        [name, f"{seconds[0]:.2f} s", f"{statistics.median(seconds[1:]):.2f} s", f"{max(seconds[1:]):.2f} s"]
        for name, seconds in taken.items()
    ]
    return _table(f"Schema editor: {experiment}", ["what", "first", "median", "slowest"], rows)


def great_table(home: Path, rows: int) -> Table:
    """Browse, chart and profile a great table, and tell the seconds and the peak memory up to then."""
    done: list[list[str]] = []
    with served(home, home.parent) as app, _window() as window:
        peak, tab = _Peak(app.process_id), window.new_page()

        def timed(what: str, act: Callable[[], object]) -> None:
            start = time.perf_counter()
            act()
            done.append([what, f"{time.perf_counter() - start:.2f} s", *peak.so_far()])

        tab.goto(f"{app.address}/query")
        tab.locator(PAGES["Query"]).wait_for()
        for what, extent, sql in (
            ("all rows", f"{rows:,} rows · 6 columns", "select * from events"),
            ("rows by kind", "3 rows · 2 columns", "select kind, count(*) as n from events group by kind"),
            ("amount by month and kind", "36 rows · 3 columns", BY_MONTH),
            (
                "all rows, sorted",
                f"{rows:,} rows · 5 columns",
                "select * exclude kind from events order by amount desc",
            ),
        ):
            timed(what, lambda sql=sql, extent=extent: _ask(tab, sql, extent))
        timed("the next page", lambda: _turn_page(tab))
        for view in ("Columns", "Chart"):
            timed(f"its {view.lower()}", lambda view=view: _view(tab, view))
        timed("the profile on Explore", lambda: _explore(tab, app.address))
    return _table(f"A table of {rows:,} rows", ["what", "seconds", "peak of the app", "of its workers"], done)


def _turn_page(tab: Page) -> None:
    tab.locator(".st-key-pager").get_by_text("2", exact=True).click()
    tab.locator(".st-key-pager").get_by_text("Rows 10,001 to", exact=False).wait_for()
    _rest(tab)


def _view(tab: Page, view: str) -> None:
    tab.get_by_role("radio", name=view).click()
    tab.get_by_label("Chart of the result" if view == "Chart" else "Column profile of the result").first.wait_for()
    _rest(tab)


def _explore(tab: Page, address: str) -> None:
    tab.goto(f"{address}/explore")
    tab.get_by_test_id("stVegaLiteChart").first.wait_for()
    _rest(tab)


def make_many(home: Path, experiments: int) -> None:
    """Make experiments of 20 tables with 500 rows each."""
    with engine.Workbench(home) as bench:
        for number in range(experiments):
            tables = [_small_table(place) for place in range(20)]
            made = bench.create({"name": f"experiment_{number:02d}", "tables": tables})
            made.generate(seed=number, progress=_quietly)


def make_wide(home: Path) -> None:
    """Make one experiment of very many tables, one of which has very many columns."""
    tables = [_small_table(place) | {"target_rows": 20} for place in range(WIDE_TABLES)]
    columns = tables[1]["columns"]
    columns += [{"name": f"c{place:03d}", "data_type": "INT"} for place in range(len(columns), WIDE_COLUMNS)]
    with engine.Workbench(home) as bench:
        bench.create({"name": "wide", "tables": tables}).generate(seed=1, progress=_quietly)


def make_great(home: Path, rows: int) -> None:
    """Make one experiment with a table of so many rows."""
    columns = [
        {"name": "event_id", "data_type": "BIGINT", "is_unique": True},
        {"name": "seen_at", "data_type": "TIMESTAMP", "date_start": "2024-01-01", "date_end": "2024-12-31"},
        {"name": "amount", "data_type": "DECIMAL(10,2)", "min_value": 0, "max_value": 1000},
        {"name": "kind", "data_type": "VARCHAR(10)", "values": ["view", "click", "buy"], "weights": [6, 3, 1]},
        {"name": "person", "data_type": "VARCHAR(60)", "faker_rule": "name"},
        {"name": "voucher", "data_type": "VARCHAR(20)", "pattern": "??-####", "required": False, "null_fraction": 0.4},
    ]
    with engine.Workbench(home) as bench:
        made = bench.create({"name": "great", "tables": [{"name": "events", "columns": columns}]})
        made.generate(rows, seed=1, progress=_quietly)


def _small_table(place: int) -> dict[str, Any]:
    columns: list[dict[str, Any]] = [
        {"name": "id", "data_type": "INT", "is_unique": True},
        {"name": "name", "data_type": "VARCHAR(60)", "faker_rule": "name"},
        {"name": "amount", "data_type": "DECIMAL(10,2)", "min_value": 0, "max_value": 1000},
        {"name": "made_on", "data_type": "DATE", "date_start": "2023-01-01", "date_end": "2024-12-31"},
        {"name": "kind", "data_type": "VARCHAR(10)", "values": ["a", "b", "c"]},
    ]
    if place:
        key = {"references_table": f"table_{place - 1:02d}", "references_column": "id"}
        columns.append({"name": "parent_id", "data_type": "INT", "foreign_key": key})
    return {"name": f"table_{place:02d}", "target_rows": 500, "columns": columns}


def _quietly(_progress: engine.RunProgress) -> None:
    pass


def _ask(tab: Page, sql: str, extent: str) -> None:
    editor = tab.get_by_label("SQL", exact=True)
    editor.fill(sql)
    editor.press("Control+Enter")
    tab.get_by_text(extent).first.wait_for()
    _rest(tab)


def _rest(tab: Page) -> None:
    tab.wait_for_function(AT_REST)


class _Peak:
    """The greatest memory of the app and of the processes it has started, looked at twenty times a second."""

    def __init__(self, process_id: int) -> None:
        self._app = psutil.Process(process_id)
        self._own, self._workers = 0, 0
        threading.Thread(target=self._look, daemon=True).start()

    def so_far(self) -> tuple[str, str]:
        """Return the app's peak and its workers' together."""
        return f"{self._own / 1e6:,.0f} MB", f"{self._workers / 1e6:,.0f} MB"

    def _look(self) -> None:
        with suppress(psutil.Error):  # the app has ended
            while True:
                workers = 0
                for child in self._app.children(recursive=True):
                    with suppress(psutil.NoSuchProcess):
                        workers += child.memory_info().rss
                self._own = max(self._own, self._app.memory_info().rss)
                self._workers = max(self._workers, workers)
                time.sleep(0.05)


@contextmanager
def _window() -> Iterator[BrowserContext]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        window = browser.new_context(viewport={"width": 1440, "height": 900})
        window.set_default_timeout(PATIENCE_MILLISECONDS)
        yield window
        browser.close()


def _table(title: str, headings: list[str], rows: list[list[str]]) -> Table:
    table = Table(*headings, title=title, title_justify="left")
    for row in rows:
        table.add_row(*row)
    return table


if __name__ == "__main__":
    main()
