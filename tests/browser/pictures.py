"""Retakes the pictures of the README: `python -m tests.browser.pictures [FOLDER]`.

Each page in light and dark, on a home folder created for it, in few colours so that the files stay small.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

import engine
from tests.browser.serving import FLAGS, chromium_path, served

PROJECT = Path(__file__).parents[2]
FOLDER = PROJECT / "app" / "static" / "pictures"
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTH, HEIGHT = 1280, 800
COLOURS = 96
AT_REST = "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
BOARD = (
    (
        "Revenue by month",
        "select date_trunc('month', ordered_at) as month, sum(line_total) as revenue\n"
        "from orders join order_items using (order_id) group by 1 order by 1",
        2,
    ),
    ("Orders by status", "select status, count(*) as orders from orders group by 1 order by 2 desc", 1),
    ("Customers by state", "select state, count(*) as customers from customers group by 1 order by 2 desc limit 8", 1),
)
"""The queries on the board: name, SQL and width."""
WORKLOAD = {
    "returns.sql": "select date_trunc('month', ordered_at) as month, sum(line_total) as revenue\n"
    "from orders join order_items using (order_id)\n"
    "where status = 'returned'\n  and ordered_at >= date '2031-01-01'\ngroup by 1\norder by 1;",
    "customers.sql": "select state, count(*) as customers from customers group by state;\n"
    "select * from customers where state = 'Bavaria';",
    "open_orders.sql": "select count(*) from orders where status = 'lost' having count(*) > 0;",
}
"""The files of queries that the experiment keeps."""
DRAWN_MILLISECONDS = 1500
"""Tables and charts draw after the app is at rest."""


def main(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dw-sim-") as folder_name:
        home = Path(folder_name) / "home"
        prepare(home)
        with served(home, Path(folder_name)) as app, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
            for theme in THEMES:
                for name, show in PAGES.items():
                    (folder / f"{name}-{theme}.png").write_bytes(picture(browser, app.address, theme, show))
            browser.close()


def picture(
    browser: Browser, address: str, theme: Literal["light", "dark"], show: Callable[[Page, str], None]
) -> bytes:
    """Return a picture of the page that `show` opens."""
    window = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=theme)
    tab = window.new_page()
    show(tab, address)
    _rest(tab)
    taken = Image.open(BytesIO(tab.screenshot(animations="disabled"))).convert("RGB")
    window.close()
    small = BytesIO()
    taken.quantize(COLOURS, dither=Image.Dither.NONE).save(small, format="png", optimize=True)
    return small.getvalue()


def prepare(home: Path) -> None:
    """Create the home folder of the pictures: samples, imports, and runs of every kind."""
    schemas = PROJECT / "schemas"
    with engine.Workbench(home) as bench:
        shop = bench.create(schemas / "ecommerce.json")
        shop.generate(seed=7, progress=_quietly)
        shop.start({"orders": 4_000_000}, seed=11)
        shop.cancel()
        while shop.progress() is not None:
            time.sleep(0.05)
        shop.generate(seed=42, progress=_quietly)
        shop.keep_workload(WORKLOAD)
        for name, sql, width in BOARD:
            shop.queries.save(name, sql, view="chart")
            shop.board().pin(name, "chart", width=width)
        bench.create(schemas / "saas.json").generate(seed=1, progress=_quietly)
        for name, dialect in (("fleet", "redshift"), ("streaming", "snowflake")):
            script = (schemas / f"sample_{dialect}.sql").read_text("utf-8")
            bench.create(engine.import_sql(script, name=name, dialect=dialect)).generate(seed=3, progress=_quietly)


def _quietly(_progress: engine.RunProgress) -> None:
    pass


def _experiments(tab: Page, address: str) -> None:
    tab.goto(address)
    tab.get_by_text("ecommerce", exact=True).wait_for()


def _new_experiment(tab: Page, address: str) -> None:
    tab.goto(f"{address}/new")
    tab.get_by_label("Name", exact=True).fill("rides")
    tab.get_by_label("CREATE TABLE script").fill((PROJECT / "schemas" / "sample_redshift.sql").read_text("utf-8"))
    tab.get_by_role("button", name="Review", exact=True).click()
    tab.get_by_text("Review rides").wait_for()
    tab.get_by_label("Table", exact=True).click()
    tab.get_by_role("option", name="fleet.trip", exact=True).click()
    tab.wait_for_timeout(DRAWN_MILLISECONDS)


def _generate(tab: Page, address: str) -> None:
    tab.goto(f"{address}/generate?experiment=ecommerce")
    tab.get_by_label("Seed", exact=True).fill("42")
    tab.get_by_label("Seed", exact=True).press("Enter")
    tab.get_by_text("of a run with seed 42", exact=False).wait_for()


def _runs(tab: Page, address: str) -> None:
    tab.goto(f"{address}/runs?experiment=ecommerce")
    tab.get_by_text("Run 1").first.wait_for()


def _query(tab: Page, address: str) -> None:
    tab.goto(f"{address}/query?experiment=ecommerce")
    tab.get_by_role("button", name="Run", exact=True).click()
    tab.get_by_test_id("stVegaLiteChart").first.wait_for()
    tab.mouse.move(WIDTH / 2, HEIGHT - 1)


def _explore(tab: Page, address: str) -> None:
    tab.goto(f"{address}/explore?experiment=ecommerce")
    tab.get_by_label("Table", exact=True).click()
    tab.get_by_role("option", name="orders", exact=True).click()
    tab.get_by_text("50,000 rows").wait_for()
    tab.get_by_test_id("stVegaLiteChart").first.wait_for()


def _board(tab: Page, address: str) -> None:
    tab.goto(f"{address}/board?experiment=ecommerce")
    tab.get_by_text(BOARD[-1][0], exact=True).wait_for()
    tab.get_by_test_id("stVegaLiteChart").nth(len(BOARD) - 1).wait_for()


def _workload(tab: Page, address: str) -> None:
    tab.goto(f"{address}/workload?experiment=ecommerce")
    tab.get_by_label("Queries", exact=True).or_(tab.get_by_role("heading", name="Queries")).first.wait_for()
    tab.get_by_role("button", name=re.compile("^Check")).click()
    tab.get_by_text("Checked on run", exact=False).wait_for()
    tab.get_by_text("No row meets the condition").wait_for()
    tab.mouse.move(WIDTH / 2, HEIGHT - 1)


def _schema(tab: Page, address: str) -> None:
    tab.goto(f"{address}/schema?experiment=ecommerce")
    tab.get_by_label("Table", exact=True).click()
    tab.get_by_role("option", name="orders", exact=True).click()
    tab.wait_for_timeout(DRAWN_MILLISECONDS)


PAGES = {
    "experiments": _experiments,
    "new_experiment": _new_experiment,
    "generate": _generate,
    "runs": _runs,
    "query": _query,
    "explore": _explore,
    "board": _board,
    "workload": _workload,
    "schema": _schema,
}
"""The function that opens each page in the state to show, by file name."""


def _rest(tab: Page) -> None:
    tab.wait_for_function(AT_REST)
    tab.wait_for_timeout(DRAWN_MILLISECONDS)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
