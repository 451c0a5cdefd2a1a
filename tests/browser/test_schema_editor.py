"""The schema editor: an existing experiment, one built from nothing, undo, drafts, and two people at once."""

import engine

from .conftest import Browser, Open, Page, button, playwright
from .pictures import AT_REST
from .serving import watched

expect = playwright.expect
MAX_ACTIONS = 60


class Person:
    """Someone who clicks and types; each click, each filled field and each pressed key is one action."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.actions = 0

    def click(self, name: str) -> None:
        button(self.page, name).click()
        self.actions += 1

    def write(self, label: str, text: str, *, is_sent: bool = True) -> None:
        field = self.page.get_by_label(label, exact=True)
        field.fill(text)
        self.actions += 1
        if is_sent:
            field.press("Enter")
            self.actions += 1


def open_editor(open_page: Open, shop: engine.Experiment) -> "Page":
    page = open_page("schema", shop)
    expect(page.get_by_text("Version 1 · 2 tables", exact=False)).to_be_visible()
    return page


def add_columns(page: "Page", text: str, changes: str) -> None:
    page.get_by_label("New columns of customers", exact=True).fill(text)
    page.get_by_label("New columns of customers", exact=True).press("Enter")
    page.wait_for_function(AT_REST)
    expect(button(page, f"Discard {changes}")).to_be_visible()


def save(page: "Page", version: int) -> None:
    button(page, "Save").click()
    button(page, f"Save as version {version}").click()
    expect(page.get_by_text(f"Saved version {version}", exact=False)).to_be_visible()


def test_an_experiment_is_edited_and_both_versions_are_run(open_page: Open, shop: engine.Experiment):
    page = open_page()
    page.locator(f"[class*='st-key-edit-{shop.name}'] button").click()
    expect(page.get_by_role("heading", name="Schema", exact=True)).to_be_visible()
    add_columns(page, "email", "1 change")
    save(page, 2)
    assert shop.loaded_version == 1

    button(page, "Generate data").click()
    button(page, "Generate").click()
    expect(page.get_by_text("Run 2 finished", exact=False)).to_be_visible()

    assert [run.schema_version for run in shop.runs()] == [2, 1]
    assert "email" in shop.query("select * from customers limit 1").frame.columns
    shop.load(1)
    assert "email" not in shop.query("select * from customers limit 1").frame.columns


def test_three_tables_from_nothing_to_a_chart(open_page: Open, bench: engine.Workbench):
    person = Person(open_page("new"))
    page = person.page
    page.get_by_text("Blank", exact=True).click()
    person.actions += 1
    expect(page.get_by_label("First table", exact=True)).to_be_visible()
    expect(page.get_by_label("CREATE TABLE script")).to_be_hidden()
    person.write("Name", "library", is_sent=False)
    person.write("First table", "books")
    expect(page.get_by_text("Review library")).to_be_visible()
    person.write("New columns of books", "title, price")
    for table, columns in (("members", "email, country"), ("loans", "book_id, member_id, lent_on")):
        person.write("New table", table)
        expect(page.get_by_label(f"New columns of {table}", exact=True)).to_be_visible()
        person.write(f"New columns of {table}", columns)
        expect(page.get_by_label(f"New columns of {table}", exact=True)).to_have_value("")
    person.click("Create experiment")
    person.click("Generate data")
    person.click("Generate")
    person.click("Query the data")
    expect(page.get_by_label("Rows of the result", exact=True)).to_be_visible()
    page.get_by_text("Chart", exact=True).click()
    person.actions += 1
    expect(page.get_by_test_id("stVegaLiteChart")).to_be_visible()

    assert person.actions < MAX_ACTIONS
    assert [table.key for table in bench["library"].schema.tables] == ["books", "members", "loans"]
    bench.delete("library")


def test_changes_are_undone_and_redone_by_buttons_and_keys(open_page: Open, shop: engine.Experiment):
    page = open_editor(open_page, shop)
    add_columns(page, "email", "1 change")
    page.wait_for_function(AT_REST)
    page.get_by_role("button", name="Undo").click()
    expect(button(page, "Discard 1 change")).to_be_hidden()
    page.wait_for_function(AT_REST)
    page.get_by_role("heading", name="Schema", exact=True).click()
    page.keyboard.press("Control+Shift+Z")
    expect(button(page, "Discard 1 change")).to_be_visible()
    page.wait_for_function(AT_REST)
    page.keyboard.press("Control+Z")
    expect(button(page, "Discard 1 change")).to_be_hidden()


def test_a_draft_is_restored_after_a_reload(open_page: Open, shop: engine.Experiment):
    page = open_editor(open_page, shop)
    add_columns(page, "email", "1 change")
    page.reload()
    expect(page.get_by_text("Your unsaved changes of", exact=False)).to_be_visible()
    expect(button(page, "Discard 1 change")).to_be_visible()
    button(page, "Discard draft").click()
    expect(page.get_by_text("Your unsaved changes of", exact=False)).to_be_hidden()


def test_a_script_is_restored_after_a_reload(open_page: Open):
    page = open_page("new")
    page.get_by_label("CREATE TABLE script").fill("CREATE TABLE lines (a INT);")
    page.get_by_label("Name", exact=True).fill("trial")
    page.get_by_label("Name", exact=True).press("Enter")
    page.wait_for_timeout(1000)
    page.reload()
    expect(page.get_by_label("CREATE TABLE script")).to_have_value("CREATE TABLE lines (a INT);")
    button(page, "Discard draft").click()
    expect(page.get_by_label("CREATE TABLE script")).to_have_value("")


def test_two_people_edit_one_experiment_and_nothing_is_lost(
    open_page: Open, browser: "Browser", address: str, shop: engine.Experiment
):
    mine = open_editor(open_page, shop)
    add_columns(mine, "email", "1 change")
    button(mine, "Save").click()
    expect(button(mine, "Save as version 2")).to_be_visible()
    other = browser.new_context(viewport={"width": 1440, "height": 900})
    theirs, faults = watched(other.new_page(), address)
    theirs.goto(f"{address}/schema?experiment={shop.name}")
    expect(theirs.get_by_text("Version 1 · 2 tables", exact=False)).to_be_visible()
    add_columns(theirs, "city", "1 change")
    save(theirs, 2)
    other.close()
    assert faults == []

    button(mine, "Save as version 2").click()
    expect(mine.get_by_text("They changed", exact=False)).to_be_visible()
    expect(mine.get_by_text("You changed", exact=False)).to_be_visible()
    button(mine, "Start again from version 2").click()
    mine.wait_for_function(AT_REST)
    add_columns(mine, "email", "1 change")
    save(mine, 3)

    assert [column.name for column in shop.table("customers").columns][-2:] == ["city", "email"]
