import pytest

import engine
from engine.errors import ConflictError, SchemaError, WorkbenchError
from engine.review.review import Review
from engine.types import NewColumn

SHOP = {
    "name": "shop",
    "tables": [
        {
            "name": "customers",
            "target_rows": 5,
            "primary_key": ["customer_id"],
            "columns": [
                {"name": "customer_id", "data_type": "INT", "is_unique": True},
                {"name": "country", "data_type": "VARCHAR(2)", "values": ["DE", "FR"]},
                {"name": "orders_made", "data_type": "INT", "expression": "orders.customer_id.count"},
            ],
        },
        {
            "name": "orders",
            "primary_key": ["order_id"],
            "checks": ["price >= 0 and price < 1000"],
            "columns": [
                {"name": "order_id", "data_type": "INT", "is_unique": True},
                {
                    "name": "customer_id",
                    "data_type": "INT",
                    "foreign_key": {
                        "references_table": "customers",
                        "references_column": "customer_id",
                        "fan_out": [1, 3],
                        "where": "country = 'DE'",
                    },
                },
                {"name": "price", "data_type": "INT", "min_value": 1, "max_value": 9},
                {"name": "year", "data_type": "INT", "expression": "extract(year from date '2024-03-01')"},
                {"name": "total", "data_type": "INT", "expression": "price * 2 /* price */ + length('price')"},
                {"name": "label", "data_type": "VARCHAR(20)", "template": "{customer_id.country}-{price}"},
            ],
        },
    ],
}


@pytest.fixture
def review() -> Review:
    return Review(engine.read_schema(SHOP))


def column(review: Review, place: str) -> engine.ColumnSchema:
    table, _, name = place.rpartition(".")
    return review.edited().table(table).column(name)


def test_a_renamed_table_takes_its_references_along(review: Review):
    review.rename_table("customers", "clients")
    review.rename_table("orders", "purchases")

    assert review.tables == ["clients", "purchases"]
    assert column(review, "clients.orders_made").expression == "purchases.customer_id.count"
    key = column(review, "purchases.customer_id").foreign_key
    assert key is not None
    assert key.references_table == "clients"


def test_a_renamed_column_is_renamed_wherever_it_is_read(review: Review):
    review.rename_column("orders", "price", "amount")
    review.rename_column("customers", "country", "home")
    review.rename_column("orders", "customer_id", "buyer_id")
    review.rename_column("customers", "customer_id", "id")

    assert column(review, "orders.total").expression == "amount * 2 /* price */ + length('price')"
    assert column(review, "orders.label").template == "{buyer_id.home}-{amount}"
    assert column(review, "customers.orders_made").expression == "orders.buyer_id.count"
    key = column(review, "orders.buyer_id").foreign_key
    assert key is not None
    assert (key.references_column, key.where) == ("id", "home = 'DE'")
    schema = review.edited()
    assert schema.table("orders").checks == ["amount >= 0 and amount < 1000"]
    assert schema.table("customers").primary_key == ["id"]


def test_the_part_of_a_date_is_no_column(review: Review):
    review.rename_column("orders", "year", "made_in")

    assert column(review, "orders.made_in").expression == "extract(year from date '2024-03-01')"


@pytest.mark.parametrize(
    ("place", "uses"),
    [
        ("customers.customer_id", "orders.customer_id"),
        ("customers.country", "orders.customer_id and orders.label"),
        ("orders.price", "orders, orders.total and orders.label"),
        ("orders.customer_id", "customers.orders_made and orders.label"),
    ],
)
def test_a_column_in_use_is_not_dropped(review: Review, place: str, uses: str):
    table, _, name = place.rpartition(".")
    with pytest.raises(ConflictError, match=f"It is used by {uses}"):
        review.drop_column(table, name)
    assert review.changes == 0
    assert review.to_undo == ""


def test_a_table_in_use_is_not_dropped(review: Review):
    with pytest.raises(ConflictError, match=r"orders\.customer_id"):
        review.drop_table("customers")
    review.add_table("notes")
    review.drop_table("notes")
    assert review.tables == ["customers", "orders"]


@pytest.mark.parametrize("given", [[7, "red", 2], {"tag_id": 7, "WORD": "red", "size": 2}])
def test_given_values_follow_their_columns(given: object):
    columns = [{"name": "tag_id", "data_type": "INT", "is_unique": True}, {"name": "word", "data_type": "VARCHAR(9)"}]
    columns.append({"name": "size", "data_type": "INT"})
    review = Review(
        engine.read_schema({"name": "t", "tables": [{"name": "tags", "rows": [given], "columns": columns}]})
    )
    review.move_column("tags", "size", 0)
    review.rename_column("tags", "word", "label")
    assert review.given_rows("tags").rows() == [(2, 7, "red")]

    review.drop_column("tags", "label")

    assert review.given_rows("tags").rows() == [(2, 7)]


def test_new_columns_get_types_references_and_rules_by_their_names(review: Review):
    review.add_table("payments")
    review.add_columns(
        "payments", [NewColumn(name) for name in ("order_id", "amount", "paid_at", "is_refund", "email")]
    )

    kinds = {each.name: each.data_type for each in review.edited().table("payments").columns}
    assert kinds == {
        "payment_id": "BIGINT",
        "order_id": "INT",
        "amount": "DECIMAL(12,2)",
        "paid_at": "TIMESTAMP",
        "is_refund": "BOOLEAN",
        "email": "VARCHAR(100)",
    }
    key = column(review, "payments.order_id").foreign_key
    assert key is not None
    assert key.references_table == "orders"
    assert column(review, "payments.email").suggested
    assert "@" in str(review.samples("payments")["email"][0])


def test_a_column_is_added_as_it_is_given(review: Review):
    review.add_columns(
        "customers",
        [
            NewColumn("shade", "CHAR(3)", is_nullable=True),
            NewColumn("best_order", "INT", references="orders.order_id", is_nullable=True),
            NewColumn("badge", "UUID", is_unique=True),
        ],
    )

    assert column(review, "customers.shade").is_nullable
    assert column(review, "customers.badge").is_unique
    key = column(review, "customers.best_order").foreign_key
    assert key is not None
    assert key.references_column == "order_id"


@pytest.mark.parametrize("name", ["", "1st", "a b", "select", "price"])
def test_a_name_that_is_not_possible_changes_nothing(review: Review, name: str):
    with pytest.raises(WorkbenchError):
        review.rename_column("orders", "total", name)
    with pytest.raises(WorkbenchError):
        review.add_columns("orders", [NewColumn(name)])
    assert review.changes == 0


def test_every_change_is_undone_and_redone(review: Review):
    before = review.edited()
    review.change("orders", "price", {"type": "BIGINT"})
    review.set_rows("customers", 9)
    review.rename_table("orders", "purchases")
    review.add_columns("purchases", [NewColumn("note")])
    after = review.edited()

    assert review.to_undo == "Add note"
    for _ in range(4):
        review.undo()
    assert review.edited() == before
    assert review.changes == 0
    assert (review.to_undo, review.to_redo) == ("", "Change orders.price")
    for _ in range(4):
        review.redo()
    assert review.edited() == after
    review.discard()
    assert review.edited() == before
    review.undo()
    assert review.edited() == after


def test_a_new_change_ends_what_could_be_redone(review: Review):
    review.rename_table("orders", "purchases")
    review.undo()
    review.set_rows("customers", 9)
    assert review.to_redo == ""


def test_invalid_input_stays_when_the_structure_changes(review: Review):
    review.change("orders", "price", {"type": "NONSENSE"})
    review.change("orders", "label", {"references": "customers.nothing"})
    review.rename_table("customers", "clients")
    review.rename_column("orders", "price", "amount")

    lines = {line["column"]: line for line in review.lines("orders")}
    assert lines["amount"]["type"] == "NONSENSE"
    assert lines["label"]["references"] == "clients.nothing"
    with pytest.raises(SchemaError):
        review.edited()


def test_a_draft_brings_everything_back_as_typed(review: Review):
    review.rename_table("customers", "clients")
    review.change("orders", "price", {"type": "NONSENSE"})
    review.set_rows("clients", 12)

    restored = Review.from_draft(review.to_draft())

    assert restored.tables == review.tables
    assert restored.lines("orders") == review.lines("orders")
    assert restored.rows("clients") == 12
    assert restored.changes == review.changes
    assert [str(each) for each in restored.problems()] == [str(each) for each in review.problems()]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"first": 3}'])
def test_a_damaged_draft_is_an_error(text: str):
    with pytest.raises(WorkbenchError):
        Review.from_draft(text)


def test_a_schema_is_built_from_nothing(workbench: engine.Workbench):
    review = workbench.blank_review("library", "books")
    review.add_columns("books", [NewColumn("title"), NewColumn("price")])
    review.add_table("loans")
    review.add_columns("loans", [NewColumn("book_id"), NewColumn("lent_on")])
    library = workbench.create(review.edited())
    library.generate(rows=10, progress=lambda _progress: None)

    query = "select count(*) from library__loans join library__books using (book_id)"
    assert workbench.query(query).records() == [(10,)]
