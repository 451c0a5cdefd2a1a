"""A schema built from nothing on the page New experiment, and its draft."""

import engine

from .conftest import Open, texts


def test_three_tables_are_built_without_json_or_sql(open_page: Open, bench: engine.Workbench):
    at = open_page("new_experiment")
    at.segmented_control(key="new_way").set_value("Blank").run()
    at.text_input(key="new_blank_name").set_value("library")
    at.text_input(key="new_blank_table").set_value("books")
    at.button(key="new_blank_create").click().run()
    at.text_input(key="new_columns").set_value("title, price").run()
    for table, columns in (("members", "email, country"), ("loans", "book_id, member_id, lent_on")):
        at.text_input(key="new_table_name").set_value(table).run()
        assert at.selectbox(key="review_table").value == table
        at.text_input(key="new_columns").set_value(columns).run()
    assert not at.exception, at.exception
    at.button(key="review_create").click().run()

    assert not at.exception
    keys = {column.name: column.foreign_key for column in bench["library"].table("loans").columns}
    assert [name for name, key in keys.items() if key is not None] == ["book_id", "member_id"]
    assert bench.editor_drafts("").latest() is None


def test_a_name_that_is_not_possible_is_told(open_page: Open):
    at = open_page("new_experiment")
    at.segmented_control(key="new_way").set_value("Blank").run()
    at.text_input(key="new_blank_name").set_value("my shop")
    at.text_input(key="new_blank_table").set_value("books")
    at.button(key="new_blank_create").click().run()
    assert "red[" in texts(at)


def test_a_script_and_its_review_survive_a_reload(open_page: Open, bench: engine.Workbench):
    at = open_page("new_experiment")
    at.text_input(key="new_sql_name").set_value("trial")
    at.text_area(key="new_sql").set_value("CREATE TABLE pairs (a INT);\nGRANT SELECT ON pairs TO public;").run()

    at = open_page("new_experiment")
    assert "Your draft of" in texts(at)
    assert at.text_input(key="new_sql_name").value == "trial"
    at.button(key="new_sql_create").click().run()
    at.text_input(key="new_columns").set_value("email").run()

    at = open_page("new_experiment")
    assert "Review trial" in texts(at)
    assert "Discard 1 change" in [button.label for button in at.button]
    at.button(key="review_create").click().run()
    assert not at.exception
    assert [column.name for column in bench["trial"].table("pairs").columns] == ["a", "email"]

    assert "Your draft of" not in texts(open_page("new_experiment"))


def test_a_draft_is_discarded(open_page: Open):
    at = open_page("new_experiment")
    at.text_area(key="new_sql").set_value("CREATE TABLE pairs (a INT);").run()
    at = open_page("new_experiment")
    at.button(key="new_discard_draft").click().run()

    assert not at.exception
    assert at.text_area(key="new_sql").value == ""
    assert "Your draft of" not in texts(open_page("new_experiment"))
