"""The dialogs of tables and columns, each drawn by a script of its own: a page opens one for one run only."""

from streamlit.testing.v1 import AppTest

import engine
from engine.review.review import Review
from tests.app.conftest import SHOP, texts


def draw(name: str, review: Review, table: str) -> AppTest:
    """Draw a dialog in every run."""

    def script(name: str, review: "Review", table: str) -> None:
        from app.components.new_experiment import column_dialog, table_dialog

        dialogs = {"add": column_dialog.add_column, "edit": column_dialog.edit_column, "table": table_dialog.edit_table}
        if table in review.tables:
            dialogs[name](review, table)

    at = AppTest.from_function(script, args=(name, review, table), default_timeout=120).run()
    assert not at.exception, at.exception
    return at


def shop() -> Review:
    return Review(engine.read_schema(SHOP))


def test_a_table_is_renamed_and_moved():
    review = shop()
    at = draw("table", review, "customers")
    at.text_input(key="table_name:customers").set_value("clients")
    at.selectbox(key="table_place:customers").set_value(2)
    at.button(key="table_apply").click().run()

    assert not at.exception, at.exception
    assert review.tables == ["orders", "clients"]


def test_a_column_is_renamed_retyped_and_moved():
    review = shop()
    at = draw("edit", review, "orders")
    at.selectbox(key="edited_column:orders").set_value("total").run()
    at.text_input(key="column_name:orders:total").set_value("amount")
    at.number_input(key="column_precision:orders:total:DECIMAL").set_value(14)
    at.selectbox(key="column_place:orders:total").set_value(1)
    at.button(key="column_apply").click().run()

    assert not at.exception, at.exception
    columns = review.edited().table("orders").columns
    assert columns[0].name == "amount"
    assert str(columns[0].type) == "DECIMAL(14,2)"


def test_a_reference_is_taken_away():
    review = shop()
    at = draw("edit", review, "orders")
    at.selectbox(key="edited_column:orders").set_value("customer_id").run()
    at.selectbox(key="column_parent:orders:customer_id").set_value("None").run()
    at.button(key="column_apply").click().run()

    assert not at.exception, at.exception
    assert review.edited().table("orders").column("customer_id").foreign_key is None


def test_a_column_is_added_with_type_key_and_reference():
    review = shop()
    at = draw("add", review, "customers")
    at.text_input(key="column_name").set_value("first_order").run()
    at.selectbox(key="column_parent:new").set_value("orders").run()
    at.checkbox(key="column_nullable").check().run()
    at.button(key="column_add").click().run()

    assert not at.exception, at.exception
    column = review.edited().table("customers").column("first_order")
    assert column.foreign_key is not None
    assert column.is_nullable
    assert str(column.type) == "INT"


def test_what_is_used_is_not_dropped():
    review = shop()
    at = draw("table", review, "customers")
    at.button(key="table_drop").click().run()
    assert "It is used by orders.customer_id" in texts(at)
    at = draw("edit", review, "customers")
    at.button(key="column_drop").click().run()
    assert "It is used by orders.customer_id" in texts(at)
    assert review.changes == 0
