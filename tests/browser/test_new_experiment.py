"""From a script or JSON to an experiment: errors, the review with its grid, and the next step."""

import json
import re

import engine
from tests.app.conftest import SHOP

from .conftest import Locator, Open, Page, button, choose, playwright, saved
from .grids import cell, select_cell, write_cell
from .pictures import AT_REST
from .sql_editor import editor, write

expect = playwright.expect
SCRIPT = """CREATE TABLE customers (customer_id INT NOT NULL PRIMARY KEY, sku VARCHAR(20));
CREATE TABLE orders (order_id INT NOT NULL PRIMARY KEY, customer_id INT);
GRANT SELECT ON orders TO public;
"""
KEY, RULE_VALUE, SAMPLES, REFERENCES = 1, 4, 5, 7
TPCH = """
CREATE TABLE nation (n_nationkey INTEGER PRIMARY KEY, n_name CHAR(25) NOT NULL);
CREATE TABLE customer (
    c_custkey INTEGER PRIMARY KEY,
    c_name VARCHAR(25) NOT NULL,
    c_nationkey INTEGER NOT NULL REFERENCES nation (n_nationkey)
);
CREATE TABLE orders (
    o_orderkey BIGINT PRIMARY KEY,
    o_custkey INTEGER NOT NULL REFERENCES customer (c_custkey),
    o_orderdate DATE NOT NULL
);
CREATE TABLE lineitem (
    l_orderkey BIGINT NOT NULL REFERENCES orders (o_orderkey),
    l_linenumber INTEGER NOT NULL,
    l_extendedprice DECIMAL(15,2) NOT NULL,
    l_discount DECIMAL(15,2) NOT NULL,
    PRIMARY KEY (l_orderkey, l_linenumber)
);
"""
REVENUE_BY_NATION = """select n_name, sum(l_extendedprice * (1 - l_discount)) as revenue
from lineitem join orders on o_orderkey = l_orderkey
join customer on c_custkey = o_custkey join nation on n_nationkey = c_nationkey
group by n_name order by revenue desc"""


def fill_script(page: "Page", name: str, script: str) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("CREATE TABLE script").fill(script)
    button(page, "Review").press("Enter")


def test_a_script_is_imported_generated_and_queried(open_page: Open, bench: engine.Workbench, shop: engine.Experiment):
    page = open_page()
    button(page, "New experiment").click()
    fill_script(page, "trial", "CREATE TABLE lines (a INT, b INT, PRIMARY KEY (a, b));")
    expect(page.get_by_text("Review trial")).to_be_visible()
    page.get_by_role("tab", name="Diagram").click()
    expect(page.get_by_test_id("stMermaidChart")).to_be_visible()
    button(page, "Create experiment").click()
    expect(page.get_by_text("trial created with 1 table.")).to_be_visible()
    expect(page.get_by_text("Composite key (a, b) kept unique").first).to_be_visible()

    button(page, "Generate data").click()
    page.get_by_label("lines", exact=True).fill("321")
    page.get_by_label("Seed", exact=True).fill("5")
    button(page, "Generate").click()
    expect(page.get_by_text("Run 1 finished: 321 rows", exact=False)).to_be_visible()
    expect(page.get_by_text("Seed 5.", exact=False)).to_be_visible()
    button(page, "Query the data").click()

    expect(page.get_by_label("Rows of the result", exact=True)).to_be_visible()
    bench.delete("trial")


def test_a_bad_script_is_explained_kept_and_fixed(open_page: Open):
    page = open_page("new")
    fill_script(page, "trial", "SELECT 1;\nCREATE TABEL lines (a INT);\n")

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("CREATE TABLE script")).to_have_value("SELECT 1;\nCREATE TABEL lines (a INT);\n")
    expect(page.get_by_label("Name", exact=True)).to_have_value("trial")

    page.get_by_label("CREATE TABLE script").fill("CREATE TABLE lines (a INT);")
    button(page, "Review").press("Enter")
    expect(page.get_by_text("Review trial")).to_be_visible()
    button(page, "Back to the input").click()
    expect(page.get_by_label("CREATE TABLE script")).to_have_value("CREATE TABLE lines (a INT);")


def test_bad_json_is_explained_kept_and_fixed(open_page: Open, bench: engine.Workbench):
    wrong = json.dumps(SHOP | {"name": "atelier"}, indent=1).replace('"DATE"', '"DATEE"')
    page = open_page("new")
    page.get_by_text("JSON", exact=True).click()
    expect(page.get_by_label("CREATE TABLE script")).to_be_hidden()  # with a button Review of its own
    page.wait_for_function(AT_REST)
    page.get_by_label("Schema in JSON").fill(wrong[:-1])
    button(page, "Review").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("line")

    page.get_by_label("Schema in JSON").fill(wrong)
    button(page, "Review").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("orders.ordered_on:")
    expect(page.get_by_label("Schema in JSON")).to_have_value(wrong)

    page.get_by_label("Schema in JSON").fill(wrong.replace("DATEE", "DATE"))
    button(page, "Review").press("Enter")
    button(page, "Create experiment").click()
    expect(page.get_by_text("atelier created with 2 tables.")).to_be_visible()
    bench.delete("atelier")


def test_the_review_updates_with_each_change(open_page: Open, bench: engine.Workbench):
    page = open_page("new")
    fill_script(page, "reviewed", SCRIPT)

    # Another rule updates the samples next to it.
    expect(cell(page, 1, SAMPLES)).not_to_contain_text("SKU")
    write_cell(page, 1, RULE_VALUE, "SKU-####")
    expect(cell(page, 1, SAMPLES)).to_contain_text("SKU-")
    expect(cell(page, 1, SAMPLES)).to_have_text(re.compile(r"^((SKU-\d{4}|NULL)(,|$)){5}"))

    # A key inferred from the names is removed.
    choose(page, page.get_by_role("combobox", name="Table", exact=True), "orders")
    expect(cell(page, 1, REFERENCES)).to_have_text("customers.customer_id")
    select_cell(page, 1, REFERENCES)
    page.keyboard.press("Delete")
    expect(cell(page, 1, REFERENCES)).to_have_text("")

    # A second column of the key, and the rows of the table.
    select_cell(page, 1, KEY)
    page.keyboard.press("Enter")
    expect(page.get_by_text("composite primary key (order_id, customer_id)", exact=False)).to_be_visible()
    page.get_by_label("Rows", exact=True).fill("77")
    page.get_by_label("Rows", exact=True).press("Enter")
    expect(page.get_by_text("10,077 rows to generate", exact=False)).to_be_visible()

    # The files of the reviewed schema.
    button(page, "Download").click()
    name, path = saved(page, button(page, "JSON"))
    tables = {table["name"]: table["columns"] for table in json.loads(path.read_text())["tables"]}
    assert name == "reviewed.json"
    assert tables["customers"][1]["pattern"] == "SKU-####"
    assert "foreign_key" not in tables["orders"][1]
    name, path = saved(page, button(page, "Snowflake"))
    assert name == "reviewed_snowflake.sql"
    assert "create table orders" in path.read_text()
    page.keyboard.press("Escape")

    button(page, "Create experiment").click()
    expect(page.get_by_text("reviewed created with 2 tables.")).to_be_visible()
    assert bench["reviewed"].table("customers").column("sku").pattern == "SKU-####"
    assert bench["reviewed"].table("orders").column("customer_id").foreign_key is None
    assert bench["reviewed"].table("orders").primary_key == ["order_id", "customer_id"]
    assert bench["reviewed"].planned_rows() == {"customers": 10000, "orders": 77}
    bench.delete("reviewed")


def test_a_script_is_shown_with_its_outcomes(open_page: Open):
    page = open_page("new")
    fill_script(page, "trial", SCRIPT)
    page.get_by_role("tab", name="Import").click()
    statements = page.get_by_label("Statements").locator(".head")
    text = page.locator(".code .cm-line")
    expect(statements).to_contain_text(["imported line 1", "imported line 2", "skipped line 3", "The whole script"])
    expect(text).to_have_count(4)
    expect(text.nth(2)).to_have_class(re.compile("noted skipped"))

    # A note leads to its line, a line to its statement.
    page.get_by_label("Statements").get_by_role("button", name="GRANT").last.click()
    expect(text.nth(2)).to_have_class(re.compile("shown"))
    text.nth(1).click()
    expect(statements.nth(1)).to_have_class(re.compile("chosen"))
    text.nth(2).hover()
    expect(page.locator(".said")).to_contain_text("GRANT")

    # Only what was skipped, in both.
    button(page, "Skipped 1").click()
    expect(statements).to_have_count(1)
    expect(text.nth(0)).not_to_have_class(re.compile("imported"))
    expect(text.nth(2)).to_have_class(re.compile("noted skipped"))
    button(page, "Skipped 1").click()
    expect(statements).to_have_count(4)


def test_a_pasted_warehouse_becomes_a_chart_in_eight_clicks(
    open_page: Open, bench: engine.Workbench, shop: engine.Experiment
):
    page = open_page()
    clicks = 0

    def click(target: "Locator") -> None:
        nonlocal clicks
        target.click()
        clicks += 1

    click(button(page, "New experiment"))
    click(page.get_by_label("CREATE TABLE script"))
    page.keyboard.insert_text(TPCH)
    click(page.get_by_label("Name", exact=True))
    page.keyboard.type("pasted")
    click(button(page, "Review"))
    click(page.get_by_label("Rows in all", exact=True))
    page.keyboard.type("20000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("4 tables, 2", exact=False)).to_be_visible()
    click(button(page, "Create with data"))
    click(button(page, "Query the data"))
    expect(editor(page)).not_to_have_text("")
    write(page, REVENUE_BY_NATION)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("25 rows · 2 columns")).to_be_visible()
    page.wait_for_function(AT_REST)
    if not page.get_by_test_id("stVegaLiteChart").is_visible():
        click(page.get_by_role("radio", name="Chart", exact=True))
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()

    assert clicks <= 8
    bench.delete("pasted")
