"""The Experiments page: search, links, and reset and delete with their confirmations."""

import json

import engine

from .conftest import Open, Page, button, go_to, playwright, saved

expect = playwright.expect


def card(page: "Page", experiment: engine.Experiment):
    return page.locator(f"[class*='st-key-card-{experiment.name}']")


def more(page: "Page", experiment: engine.Experiment, action: str):
    """Choose from the menu of a card; return the dialog that opens."""
    button(card(page, experiment), "More").click()
    page.get_by_role("menuitem", name=action).click()
    return page.get_by_role("dialog")


def test_one_of_many_is_found_by_a_table(open_page: Open, bench: engine.Workbench, shop: engine.Experiment):
    columns = [{"name": "id", "data_type": "INT"}]
    others = [
        bench.create({"name": name, "tables": [{"name": f"{name}_rows", "columns": columns}]})
        for name in ("alpha", "beta", "gamma")
    ]
    page = open_page()

    page.get_by_placeholder("Find an experiment").fill("GAMMA_r")
    page.get_by_placeholder("Find an experiment").press("Enter")
    expect(card(page, others[2])).to_be_visible()
    expect(card(page, shop)).to_be_hidden()
    page.get_by_placeholder("Find an experiment").fill("nothing")
    page.get_by_placeholder("Find an experiment").press("Enter")

    expect(page.get_by_text("No experiment matches “nothing”.")).to_be_visible()
    for other in others:
        bench.delete(other.name)


def test_a_link_opens_the_card_with_its_tables_and_schema(open_page: Open, shop: engine.Experiment):
    page = open_page("", shop)

    expect(card(page, shop).get_by_text("orders 40")).to_be_visible()
    name, path = saved(page, button(card(page, shop), "JSON"))
    assert name == f"{shop.name}.json"
    assert json.loads(path.read_text())["tables"][1]["name"] == "orders"
    name, path = saved(page, button(card(page, shop), "Snowflake"))
    assert name == f"{shop.name}_snowflake.sql"
    assert "create table orders" in path.read_text()


def test_reset_asks_first(open_page: Open, shop: engine.Experiment):
    page = open_page("", shop)

    dialog = more(page, shop, "Reset tables")
    expect(dialog.get_by_text("(45 rows now)")).to_be_visible()
    button(dialog, "Cancel").click()
    expect(dialog).to_be_hidden()
    assert shop.row_counts() == {"customers": 5, "orders": 40}
    button(more(page, shop, "Reset tables"), "Reset").click()

    expect(page.get_by_text(f"Tables of {shop.name} emptied")).to_be_visible()
    expect(button(card(page, shop), "Query")).to_be_hidden()
    assert shop.row_counts() == {"customers": 0, "orders": 0}


def test_delete_asks_first(open_page: Open, bench: engine.Workbench, shop: engine.Experiment):
    page = open_page("", shop)

    dialog = more(page, shop, "Delete")
    expect(dialog.get_by_text("This cannot be undone.", exact=False)).to_be_visible()
    button(dialog, "Cancel").click()
    expect(dialog).to_be_hidden()
    assert shop.name in bench
    button(more(page, shop, "Delete"), "Delete").click()

    expect(page.get_by_text(f"{shop.name} deleted")).to_be_visible()
    expect(card(page, shop)).to_be_hidden()
    assert shop.name not in bench


def test_every_page_can_be_linked(open_page: Open, shop: engine.Experiment):
    page = open_page("generate", shop)
    for name in ("Generate", "Runs", "Query", "Explore"):
        go_to(page, name)
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        expect(page.get_by_label("Experiment", exact=True)).to_have_value(shop.name)
        page.wait_for_url(f"**/{name.lower()}?experiment={shop.name}*")  # that of Query has more in a moment

    page.reload()
    expect(page.get_by_role("heading", name="Explore", exact=True)).to_be_visible()
    expect(page.get_by_label("Experiment", exact=True)).to_have_value(shop.name)


def test_a_link_to_an_unknown_experiment_warns(open_page: Open, shop: engine.Experiment):
    page = open_page("runs")
    page.goto(page.url.split("?")[0] + "?experiment=gone")

    expect(page.get_by_text("Experiment “gone” not found", exact=False)).to_be_visible()
