from pathlib import Path

import pytest

from .conftest import Page, playwright

expect = playwright.expect


def make_sample(page: "Page") -> None:
    """First click: the sample is made and filled."""
    page.get_by_role("button", name="Create and fill it").first.click()
    expect(page.get_by_role("button", name="Chart it")).to_be_visible(timeout=60_000)


def button(page: "Page", name: str):
    return page.get_by_role("button", name=name, exact=True)


def test_two_clicks_lead_to_the_first_chart_and_its_csv(page: "Page", tmp_path: Path):
    make_sample(page)
    page.get_by_role("button", name="Chart it").click()

    expect(page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first).to_be_visible(
        timeout=20_000
    )
    expect(page.locator("[data-testid=stDataFrame]").first).to_be_visible()
    assert page.url.endswith("/query?experiment=ecommerce")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    target = tmp_path / "result.csv"
    download.value.save_as(target)
    lines = target.read_text().splitlines()
    assert lines[0] == "month,price,products"
    assert len(lines) > 12
    assert download.value.suggested_filename == "ecommerce.csv"


def test_a_script_is_imported_generated_and_queried(page: "Page", tmp_path: Path):
    page.get_by_role("button", name="Bring a schema").click()
    page.get_by_label("Name", exact=True).fill("trial")
    page.get_by_label("CREATE TABLE script").fill("CREATE TABLE lines (a INT, b INT, PRIMARY KEY (a, b));")
    button(page, "Review").click()
    expect(page.get_by_text("Review trial")).to_be_visible(timeout=20_000)
    page.get_by_role("tab", name="Diagram").click()
    expect(page.get_by_test_id("stMermaidChart")).to_be_visible(timeout=20_000)
    button(page, "Create experiment").click()
    expect(page.get_by_text("trial is here, with 1 table.")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("composite primary key").first).to_be_visible()

    page.get_by_role("button", name="Generate data").click()
    page.get_by_label("lines", exact=True).fill("321")
    page.get_by_label("Seed", exact=True).fill("5")
    button(page, "Generate").click()
    expect(page.get_by_text("Run 1 is done: 321 rows", exact=False)).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Seed 5.", exact=False)).to_be_visible()
    button(page, "Query it").click()

    editor = page.get_by_label("SQL", exact=True)
    expect(editor).to_be_visible(timeout=10_000)
    editor.fill("select count(*) as rows from lines")
    editor.press("Control+Enter")
    expect(page.get_by_text("1 row · 1 column")).to_be_visible(timeout=10_000)

    page.get_by_role("button", name="Save").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download trial.sql").click()
    target = tmp_path / "saved.sql"
    download.value.save_as(target)
    assert target.read_text() == "select count(*) as rows from lines\n"


def test_a_bad_script_is_explained_and_kept(page: "Page"):
    page.get_by_role("button", name="Bring a schema").click()
    page.get_by_label("Name", exact=True).fill("trial")
    page.get_by_label("CREATE TABLE script").fill("SELECT 1;")

    button(page, "Review").click()

    expect(page.get_by_role("alert")).to_be_visible(timeout=10_000)
    expect(page.get_by_label("CREATE TABLE script")).to_have_value("SELECT 1;")
    expect(page.get_by_label("Name", exact=True)).to_have_value("trial")


def test_a_bad_query_shows_its_place_and_a_good_one_follows(page: "Page"):
    make_sample(page)
    page.get_by_role("button", name="Chart it").click()
    editor = page.get_by_label("SQL", exact=True)
    expect(editor).to_be_visible(timeout=20_000)

    editor.fill("select *\nfrom orderz")
    button(page, "Run").click()
    expect(page.get_by_text("line 2, column 6:")).to_be_visible(timeout=10_000)
    expect(page.get_by_text("Did you mean", exact=False)).to_be_visible()

    editor.fill("select 1 as one")
    editor.press("Control+Enter")
    expect(page.get_by_text("1 row · 1 column")).to_be_visible(timeout=10_000)


def test_a_run_survives_a_reload_and_can_be_cancelled(page: "Page", address: str):
    make_sample(page)
    button(page, "Generate").click()
    page.get_by_label("reviews", exact=True).fill("60000000")
    page.get_by_label("reviews", exact=True).press("Enter")
    button(page, "Generate").click()
    expect(page.get_by_role("button", name="Cancel run")).to_be_visible(timeout=20_000)

    page.reload()
    expect(page.get_by_role("button", name="Cancel run")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("rows/s").first).to_be_attached()
    page.get_by_role("button", name="Cancel run").click()
    expect(page.get_by_role("button", name="Cancel run")).to_be_hidden(timeout=60_000)

    page.get_by_role("link", name="Runs").click()
    expect(page.get_by_text("Aborted").first).to_be_visible(timeout=10_000)


def test_delete_asks_first(page: "Page"):
    make_sample(page)
    button(page, "More").click()
    page.get_by_text("Delete", exact=True).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("This cannot be undone.", exact=False)).to_be_visible(timeout=10_000)

    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden(timeout=10_000)
    button(page, "More").click()
    page.get_by_text("Delete", exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()

    expect(page.get_by_text("See it work")).to_be_visible(timeout=20_000)


@pytest.mark.parametrize("name", ["generate", "runs", "query"])
def test_a_page_about_an_experiment_can_be_linked(page: "Page", address: str, name: str):
    make_sample(page)

    page.goto(f"{address}/{name}?experiment=ecommerce")

    expect(page.get_by_role("heading", name=name.capitalize(), exact=True)).to_be_visible(timeout=20_000)
    assert page.url.endswith(f"/{name}?experiment=ecommerce")


def test_a_second_tab_sees_the_run_of_the_first(page: "Page", address: str):
    make_sample(page)
    second = page.context.new_page()
    second.goto(f"{address}/generate?experiment=ecommerce")
    expect(second.get_by_label("reviews", exact=True)).to_be_visible(timeout=20_000)
    button(page, "Generate").click()
    page.get_by_label("reviews", exact=True).fill("60000000")
    page.get_by_label("reviews", exact=True).press("Enter")
    button(page, "Generate").click()
    expect(page.get_by_role("button", name="Cancel run")).to_be_visible(timeout=20_000)

    button(second, "Generate").click()

    expect(second.get_by_role("button", name="Cancel run")).to_be_visible(timeout=20_000)
    second.get_by_role("button", name="Cancel run").click()
    expect(page.get_by_role("button", name="Cancel run")).to_be_hidden(timeout=60_000)


def test_a_card_opens_its_own_experiment_whatever_was_open_before(page: "Page"):
    make_sample(page)
    button(page, "Generate").click()
    expect(page.get_by_label("reviews", exact=True)).to_be_visible(timeout=20_000)
    page.get_by_role("link", name="Experiments").click()
    page.get_by_role("button", name="New experiment").click()
    page.get_by_text("Sample", exact=True).click()
    page.get_by_role("button", name="Create and fill it").first.click()
    expect(page.get_by_text("Run 1 is done: 146,604 rows", exact=False)).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Experiments").click()

    card = page.locator("[class*='st-key-card']").filter(has_text="A subscription business")
    card.get_by_role("button", name="Runs").click()

    expect(page.get_by_role("heading", name="Runs")).to_be_visible(timeout=20_000)
    page.wait_for_url("**/runs?experiment=saas")
    page.get_by_role("link", name="Query").click()
    page.wait_for_url("**/query?experiment=saas")
