"""The Schema page: an existing experiment is edited, saved as a version, compared, and gone back."""

from streamlit.testing.v1 import AppTest

import engine
from engine.types import EditorDraft

from .conftest import Open, texts


def open_schema(open_page: Open, **address: str) -> AppTest:
    at = open_page(experiment="shop", **address)
    for key, value in {"experiment": "shop", **address}.items():
        at.query_params[key] = value
    at.switch_page("app_pages/schema.py").run()
    assert not at.exception, at.exception
    return at


def add_columns(at: AppTest, text: str) -> AppTest:
    at.text_input(key="new_columns").set_value(text).run()
    assert not at.exception, at.exception
    return at


def save(at: AppTest, note: str = "") -> AppTest:
    at.button(key="schema_save").click().run()
    at.text_input(key="save_note").set_value(note)
    at.button(key="save_yes").click().run()
    assert not at.exception, at.exception
    return at


def test_a_card_opens_the_editor(open_page: Open, filled: engine.Experiment):
    at = open_page()
    at.button(key="edit:shop").click().run()

    assert not at.exception
    assert at.title[0].value == "Schema"
    assert "Version 1 · 2 tables, 45 rows to generate" in texts(at)
    assert at.selectbox(key="review_table").value == "customers"


def test_a_change_is_shown_and_saved_as_a_version(open_page: Open, filled: engine.Experiment):
    at = add_columns(open_schema(open_page), "email")
    at.button(key="schema_save").click().run()

    assert "| email | :green-badge[added] |" in texts(at)
    at.text_input(key="save_note").set_value("For the campaign")
    at.button(key="save_yes").click().run()

    assert not at.exception
    assert filled.version == 2
    assert filled.versions()[0].note == "For the campaign"
    assert "Saved version 2 of shop" in texts(at)
    assert "The loaded data stays until the next run." in texts(at)
    assert filled.loaded_version == 1
    at.button(key="schema_generate").click().run()
    assert at.title[0].value == "Generate"


def test_nothing_changed_says_so(open_page: Open, shop: engine.Experiment):
    at = open_schema(open_page)
    at.button(key="schema_save").click().run()
    assert "Nothing has changed: the schema equals version 1." in texts(at)
    assert shop.version == 1


def test_a_fault_stands_below_the_input_and_the_text_stays(open_page: Open, shop: engine.Experiment):
    at = add_columns(open_schema(open_page), "order by")
    assert "red[" in texts(at)
    assert "reserved word" in texts(at)
    assert at.text_input(key="new_columns").value == "order by"


def test_undo_and_redo(open_page: Open, shop: engine.Experiment):
    at = add_columns(open_schema(open_page), "email, city")
    assert "Discard 2 changes" in [button.label for button in at.button]
    at.button(key="schema_undo").click().run()
    assert at.button(key="schema_undo").disabled
    at.button(key="schema_redo").click().run()
    assert "Discard 2 changes" in [button.label for button in at.button]


def test_a_draft_survives_a_reload_and_is_removed_by_saving(open_page: Open, shop: engine.Experiment):
    add_columns(open_schema(open_page), "email")

    at = open_schema(open_page)
    assert "Your unsaved changes of" in texts(at)
    assert "Discard 1 change" in [button.label for button in at.button]
    save(at)

    assert shop.version == 2
    assert "Your unsaved changes" not in texts(open_schema(open_page))


def test_a_draft_is_discarded(open_page: Open, shop: engine.Experiment):
    add_columns(open_schema(open_page), "email")
    at = open_schema(open_page)
    at.button(key="schema_discard_draft").click().run()

    assert not at.exception
    assert "Your unsaved changes" not in texts(at)
    assert "Your unsaved changes" not in texts(open_schema(open_page))


def test_a_damaged_draft_is_no_obstacle(open_page: Open, bench: engine.Workbench, shop: engine.Experiment):
    bench.editor_drafts("", "shop").save(EditorDraft('{"review": 3}'))
    at = open_schema(open_page)
    assert at.title[0].value == "Schema"
    assert bench.editor_drafts("", "shop").latest() is None


def change_weights(shop: engine.Experiment) -> None:
    """Save a version as another person does."""
    review = shop.review()
    review.change("customers", "country", {"value": "DE, FR, IT"})
    shop.update(review.edited(), based_on=shop.version)


def test_a_version_that_comes_first_is_shown_and_nothing_is_lost(open_page: Open, shop: engine.Experiment):
    at = add_columns(open_schema(open_page), "email")
    change_weights(shop)
    at.run()

    written = texts(at)
    assert "Version 2 was saved" in written
    assert "They changed" in written
    assert "| country | :orange-badge[changed] values |" in written
    assert "| email | :green-badge[added] |" in written
    assert at.button(key="schema_save").disabled
    at.button(key="conflict_mine").click().run()
    save(at)

    assert shop.version == 3
    assert [column.name for column in shop.table("customers").columns][-1] == "email"


def test_one_starts_again_from_theirs_and_undo_brings_mine_back(open_page: Open, shop: engine.Experiment):
    at = add_columns(open_schema(open_page), "email")
    change_weights(shop)
    at.run()
    at.button(key="conflict_theirs").click().run()

    assert "Version 2 · 2 tables" in texts(at)
    assert "Version 2 was saved" not in texts(at)
    at.button(key="schema_undo").click().run()
    assert not at.exception
    save(at)
    assert [column.name for column in shop.table("customers").columns][-1] == "email"


def test_a_version_that_comes_between_the_dialog_and_saving_loses_nothing(open_page: Open, shop: engine.Experiment):
    at = add_columns(open_schema(open_page), "email")
    at.button(key="schema_save").click().run()
    change_weights(shop)
    at.button(key="save_yes").click().run()

    assert not at.exception
    assert shop.version == 2
    assert "They changed" in texts(at)


def test_versions_are_listed_compared_and_gone_back_to(open_page: Open, filled: engine.Experiment):
    change_weights(filled)
    at = open_schema(open_page, view="versions")

    written = texts(at)
    assert "Version 2** :green-badge[current]" in written
    assert "Made run 1" in written
    assert '| country | :orange-badge[changed] values | ["DE", "FR"] | ["DE", "FR", "IT"] |' in written
    at.button(key="revert:1").click().run()
    at.button(key="revert_yes").click().run()

    assert not at.exception
    assert filled.version == 3
    assert filled.table("customers").column("country").values == ["DE", "FR"]
