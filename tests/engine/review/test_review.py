from threading import Event, Thread
from time import sleep

import pytest

import engine
from engine.errors import ConflictError, SchemaError
from engine.schema.models import ExperimentSchema
from engine.types import Review

SHOP = {
    "name": "shop",
    "tables": [
        {"name": "customers", "columns": [{"name": "id", "data_type": "INT", "is_unique": True}]},
        {
            "name": "orders",
            "columns": [
                {"name": "id", "data_type": "INT", "is_unique": True},
                {
                    "name": "customer",
                    "data_type": "INT",
                    "foreign_key": {"references_table": "customers", "references_column": "id"},
                },
                {"name": "status", "data_type": "VARCHAR(9)", "values": ["open", "paid"], "required": False},
                {"name": "total", "data_type": "DECIMAL(8,2)", "min_value": 1, "max_value": 9, "suggested": True},
            ],
        },
    ],
}


@pytest.fixture
def bench(home):
    with engine.Workbench(home) as opened:
        yield opened


@pytest.fixture
def review(bench: engine.Workbench):
    return bench.review(SHOP)


def test_a_column_is_a_line_of_texts(review):
    _, customer, status, total = review.lines("orders")

    assert customer["references"] == "customers.id"
    assert (status["rule"], status["value"], status["nulls"]) == ("values", '["open", "paid"]', 0.05)
    assert (total["rule"], total["settings"]) == ("by type", '{"min_value": 1, "max_value": 9}')
    assert review.rules["by type"] == "By type or key"
    assert (total["suggested"], total["nulls"], total["unique"]) == (["rule"], None, False)


def test_nothing_changed_is_the_same_schema(review, bench: engine.Workbench):
    assert bench.create(review.edited()).to_json() == bench.review(SHOP, name="other").to_json().replace(
        '"other"', '"shop"'
    )


def test_samples_follow_a_change(review):
    assert set(review.samples("orders")["status"]) <= {"open", "paid", None}

    review.change("orders", "status", {"value": "new, old", "nulls": None})

    assert set(review.samples("orders")["status"]) <= {"new", "old"}
    assert review.edited().table("orders").column("status").required


def test_a_rule_a_type_and_a_key_can_be_changed(review):
    review.change("orders", "status", {"rule": "pattern", "value": "A-##", "type": "VARCHAR(20)", "unique": False})
    review.change("orders", "customer", {"references": ""})
    review.change("orders", "total", {"settings": '{"min_value": 5, "max_value": 6}', "nulls": 0.5})

    changed = review.edited().table("orders")

    assert (changed.column("status").pattern, changed.column("status").data_type) == ("A-##", "VARCHAR(20)")
    assert changed.column("customer").foreign_key is None
    assert (changed.column("total").min_value, changed.column("total").null_fraction) == (5, 0.5)
    assert not changed.column("total").suggested


def test_a_key_can_be_added(review):
    review.change("orders", "id", {"references": "customers.id"})

    assert review.edited().table("orders").column("id").foreign_key.references_table == "customers"


@pytest.mark.parametrize(
    ("column", "changes", "message"),
    [
        ("total", {"type": "DECIMALL(1)"}, "orders.total"),
        ("total", {"settings": "{oops"}, "not a JSON object"),
        ("total", {"settings": '{"min_valu": 1}'}, "min_valu"),
        ("total", {"rule": "faker_rule", "value": ""}, "has no value"),
        ("customer", {"references": "nowhere"}, "is not a column"),
        ("status", {"rule": "faker_rule", "value": "frist_name"}, "first_name"),
    ],
)
def test_problems_are_reported_and_input_is_kept_as_typed(review, column, changes, message):
    review.change("orders", column, changes)

    with pytest.raises(SchemaError, match=message):
        review.edited()
    (line,) = (line for line in review.lines("orders") if line["column"] == column)
    assert line | changes == line


def test_a_change_taken_back_is_no_change(review):
    review.change("orders", "total", {"type": "NONSENSE"})
    review.change("orders", "total", {"type": "DECIMAL(8,2)"})

    assert review.edited().table("orders").column("total").suggested


def test_a_taken_name_is_rejected_before_the_review(bench: engine.Workbench, review):
    bench.create(review.edited())

    with pytest.raises(ConflictError, match='already an experiment "shop"'):
        bench.review(SHOP)


def test_the_reviewed_schema_can_be_written_down(review):
    review.change("orders", "status", {"type": "VARCHAR(33)"})

    assert '"VARCHAR(33)"' in review.to_json()
    assert "VARCHAR(33)" in review.to_ddl("snowflake").upper()
    assert "varchar status" in review.diagram()


def composite_shop() -> dict:
    lines = {
        "name": "lines",
        "primary_key": ["order_id", "number"],
        "columns": [
            {"name": "order_id", "data_type": "INT"},
            {"name": "number", "data_type": "INT"},
            {"name": "code", "data_type": "VARCHAR(20)", "required": False, "faker_rule": "first_name"},
        ],
    }
    return {"name": "shop", "tables": [lines]}


def keys_of(review, table: str) -> list[str]:
    return [line["column"] for line in review.lines(table) if line["key"]]


def test_several_columns_can_be_made_the_key_together(review):
    review.change("orders", "id", {"key": True})
    assert review.edited().table("orders").primary_key == ["id"]
    assert review.edited().table("orders").composite_keys == []

    review.change("orders", "status", {"key": True})
    review.change("orders", "status", {"rule": "by type", "value": ""})
    changed = review.edited().table("orders")

    assert (changed.primary_key, changed.composite_keys) == (["id", "status"], [["id", "status"]])
    assert changed.column("status").required
    assert "composite primary key (id, status)" in review.warnings("orders")[0]
    assert len(set(zip(*review.samples("orders", rows=50).values(), strict=True))) == 50


def test_a_key_of_several_columns_shrinks_to_one(bench: engine.Workbench):
    review = bench.review(composite_shop())
    assert "composite primary key (order_id, number)" in review.warnings()[0]

    review.change("lines", "number", {"key": False})
    changed = review.edited().table("lines")

    assert keys_of(review, "lines") == ["order_id"]
    assert (changed.primary_key, changed.composite_keys) == (["order_id"], [])
    assert review.warnings() == []
    assert len(set(review.samples("lines", rows=50)["order_id"])) == 50


def test_a_key_can_move_to_another_column(bench: engine.Workbench):
    review = bench.review(composite_shop())
    for column, is_key in (("order_id", False), ("number", False), ("code", True)):
        review.change("lines", column, {"key": is_key})

    changed = review.edited().table("lines")

    assert (changed.primary_key, changed.composite_keys) == (["code"], [])
    assert changed.column("code").required
    assert len(set(review.samples("lines", rows=50)["code"])) == 50


def test_an_imported_composite_key_can_replace_its_surrogate(bench: engine.Workbench):
    script = "CREATE TABLE lines (a INT, b INT, PRIMARY KEY (a, b));"
    review = bench.review(engine.import_sql(script, name="trial", dialect="redshift"))
    assert keys_of(review, "lines") == ["_row_id"]
    assert "_row_id" in review.warnings()[0]

    for column, is_key in (("_row_id", False), ("a", True), ("b", True)):
        review.change("lines", column, {"key": is_key})
    changed = review.edited().table("lines")

    assert (changed.primary_key, changed.composite_keys) == (["a", "b"], [["a", "b"]])
    assert [("_row_id" in warning) for warning in review.warnings()] == [False]


def test_a_key_that_is_put_back_is_no_change(bench: engine.Workbench):
    review = bench.review(composite_shop())
    before = review.to_json()

    review.change("lines", "number", {"key": False})
    review.change("lines", "number", {"key": True})

    assert review.to_json() == before


def test_only_unique_columns_that_are_never_null_can_be_referenced(bench: engine.Workbench, review):
    assert review.referable() == ["customers.id", "orders.id"]
    assert bench.review(composite_shop(), name="other").referable() == []

    review.change("customers", "id", {"unique": False})
    review.change("orders", "status", {"key": True})
    assert review.referable() == ["orders.id", "orders.status"]


def test_a_column_that_gets_a_reference_gives_up_its_rule(review):
    review.change("orders", "status", {"rule": "pattern", "value": "##", "type": "INT", "nulls": None})
    review.change("orders", "status", {"references": "customers.id"})

    status = review.edited().table("orders").column("status")
    assert (status.pattern, status.foreign_key.references_table) == (None, "customers")


def test_options_of_a_foreign_key_are_settings(bench: engine.Workbench):
    schema = engine.read_schema(SHOP).model_dump(exclude_unset=True)
    key = schema["tables"][1]["columns"][1]["foreign_key"]
    key |= {"distribution": {"type": "zipf", "parameters": {"s": 1.1}}, "nullable": True, "null_fraction": 0.25}
    review = bench.review(schema)
    (line,) = (line for line in review.lines("orders") if line["column"] == "customer")
    assert line["settings"] == '{"foreign_key": {"distribution": {"type": "zipf", "parameters": {"s": 1.1}}}}'
    assert line["nulls"] == 0.25

    review.change("orders", "customer", {"settings": '{"foreign_key": {"unique": true}}', "nulls": 0.5})
    customer = review.edited().table("orders").column("customer")

    assert customer.foreign_key.model_dump(exclude_defaults=True) == {
        "references_table": "customers",
        "references_column": "id",
        "unique": True,
    }
    assert (customer.required, customer.null_fraction) == (False, 0.5)


def test_sizes_stand_in_the_type(bench: engine.Workbench):
    script = "CREATE TABLE t (a VARCHAR(7), b DECIMAL(9,3));"
    review = bench.review(engine.import_sql(script, name="trial", dialect="redshift"))
    assert [(line["type"], line["settings"]) for line in review.lines("t")] == [
        ("VARCHAR(7)", ""),
        ("DECIMAL(9,3)", ""),
    ]

    review.change("t", "a", {"rule": "pattern", "value": "##"})
    review.change("t", "b", {"type": "DECIMAL(5,1)"})
    changed = review.edited().table("t")

    assert [str(column.type) for column in changed.columns] == ["VARCHAR(7)", "DECIMAL(5,1)"]


def test_a_share_of_zero_allows_nulls_and_none_forbids_them(review):
    review.change("orders", "status", {"nulls": 0.0})
    assert not review.edited().table("orders").column("status").required
    assert None not in review.samples("orders", rows=200)["status"]

    review.change("orders", "status", {"nulls": None})
    assert review.edited().table("orders").column("status").required


def test_rows_can_be_set_and_given_back_to_the_keys(review):
    assert (review.rows("orders"), review.planned_rows()["orders"]) == (None, 1000)

    review.set_rows("orders", 12)
    assert (review.rows("orders"), review.planned_rows()["orders"]) == (12, 12)
    assert review.edited().table("orders").target_rows == 12

    review.set_rows("orders", None)
    assert review.edited().table("orders").target_rows is None


def test_the_problems_of_all_tables_are_reported_at_once(review):
    review.change("customers", "id", {"type": "INTT"})
    review.change("orders", "total", {"settings": "{oops"})
    review.change("orders", "status", {"rule": "faker_rule", "value": "frist_name"})

    assert {problem.where for problem in review.problems()} >= {"customers.id", "orders.total", "orders.status"}
    assert review.problem_counts() == {"customers": 1, "orders": 2}


def test_too_few_values_for_the_rows_of_a_child_are_reported(review):
    review.change("orders", "customer", {"unique": True})
    review.set_rows("orders", 2000)

    assert review.problem_counts() == {"orders": 1}


def test_other_columns_keep_samples_when_one_has_a_problem(review):
    review.change("orders", "status", {"rule": "faker_rule", "value": "frist_name"})
    review.change("orders", "total", {"settings": '{"min_value": 5, "max_value": 5}'})

    samples = review.samples("orders")

    assert samples["total"] == ["5.00"] * 5
    assert "status" not in samples
    assert len(review.samples("customers")["id"]) == 5


def test_what_a_person_settles_is_no_suggestion_any_more(review):
    review.change("orders", "total", {"settings": ""})
    assert [line["suggested"] for line in review.lines("orders")] == [[], [], [], []]

    review.change("orders", "total", {"settings": '{"min_value": 1, "max_value": 9}'})
    assert review.lines("orders")[-1]["suggested"] == ["rule"]


def test_a_later_review_takes_over_what_was_changed_to_the_same_columns(bench: engine.Workbench, review):
    review.change("orders", "total", {"type": "DECIMAL(5,1)"})
    review.change("orders", "status", {"nulls": None})
    review.set_rows("orders", 12)
    review.set_rows("customers", 5)
    schema = engine.read_schema(SHOP).model_dump(exclude_unset=True)
    schema["tables"][0]["target_rows"] = 9
    schema["tables"][1]["columns"][2]["values"] = ["sent"]
    del schema["tables"][1]["columns"][0]
    later = bench.review(schema, name="later")

    later.adopt(review)
    changed = later.edited().table("orders")

    assert changed.column("total").data_type == "DECIMAL(5,1)"
    assert not changed.column("status").required
    assert later.planned_rows() == {"customers": 9, "orders": 12}


def test_changes_are_counted_and_taken_back(review):
    before = review.to_json()
    review.change("orders", "total", {"type": "NONSENSE", "nulls": 0.5})
    review.change("orders", "status", {"nulls": None})
    review.change("orders", "status", {"nulls": 0.05})
    review.set_rows("orders", 12)
    assert review.changes == 2

    review.discard()

    assert (review.changes, review.problems(), review.to_json()) == (0, (), before)


def test_a_value_without_a_rule_is_a_problem_and_leaves_with_its_rule(review):
    review.change("orders", "total", {"value": "49###"})
    assert [problem.message for problem in review.problems()] == ['"49###" has no rule.']
    review.change("orders", "total", {"value": ""})

    review.change("orders", "status", {"rule": "by type"})

    assert review.problems() == ()
    assert next(line for line in review.lines("orders") if line["column"] == "status")["value"] == ""


def test_a_changed_row_count_loses_the_reason_of_its_suggestion(bench: engine.Workbench):
    draft = engine.import_sql(
        "create table region (id int primary key, name varchar(20)); create table sales (id int primary key);",
        name="why",
        dialect="redshift",
    )
    review = bench.review(draft.schema)
    assert review.rows_because("region").startswith("A lookup table of regions of the world: its 5 rows are known")

    review.set_rows("region", 7)

    assert review.rows_because("region") == ""
    edited = review.edited()
    assert (edited.table("region").target_rows, edited.table("region").because) == (7, None)
    assert edited.table("sales").because == "Events (sale), by the name."
    assert draft.notes[-1].message.startswith("Suggested 100,005 rows in all, based on names and keys: sales 100,000")


SHOP_SCRIPT = """
create table unit_codes (code varchar(4) primary key, label varchar(20));
insert into unit_codes values ('KG', 'kilogram'), ('M', 'metre');
create table parcels (
    parcel_id int identity(1000, 5) primary key, code varchar(4) references unit_codes,
    xq int not null check (xq between 1 and 9), total_price decimal(8, 2)
);
"""


@pytest.fixture
def imported(bench: engine.Workbench) -> Review:
    return bench.review(engine.import_sql(SHOP_SCRIPT, name="units", dialect="redshift"))


def test_given_rows_are_counted_and_shown_and_no_sample_goes_beyond_them(imported: Review):
    assert (imported.given_count("unit_codes"), imported.given_count("parcels")) == (2, 0)
    assert imported.given_rows("unit_codes").rows() == [("KG", "kilogram"), ("M", "metre")]
    assert imported.given_rows("unit_codes", 1).rows() == [("KG", "kilogram")]
    assert imported.samples("unit_codes")["code"] == ["KG", "M"]
    assert imported.rows_because("unit_codes") == "Just its 2 given rows."


def test_a_check_is_the_reason_of_the_column_it_names(imported: Review):
    reasons = imported.reasons("parcels")

    assert imported.checks("parcels") == ["xq between 1 and 9"]
    assert reasons["xq"] == "CHECK (xq between 1 and 9)"
    assert "CHECK" not in reasons["total_price"]
    imported.change("parcels", "xq", {"unique": True})
    assert imported.lines("parcels")[2]["because"] == "CHECK (xq between 1 and 9)"


def test_a_sequence_and_a_distribution_are_rules_with_a_value_in_json(imported: Review):
    number, weight = (imported.lines("parcels")[index] for index in (0, 3))
    assert (number["rule"], number["value"]) == ("sequence", '{"start": 1000, "step": 5}')
    assert (weight["rule"], '"type": "lognormal"' in weight["value"]) == ("distribution", True)

    imported.change("parcels", "parcel_id", {"value": '{"start": 7, "step": 2}'})
    imported.change("parcels", "total_price", {"value": '{"type": "uniform"}'})

    assert imported.samples("parcels", 3)["parcel_id"] == ["7", "9", "11"]
    assert imported.edited().table("parcels").column("total_price").distribution.type == "uniform"
    imported.change("parcels", "parcel_id", {"value": "7, 2"})
    assert [problem.where for problem in imported.problems()] == ["parcels.parcel_id"]


def test_a_change_waits_for_another_thread_that_reads_the_review(review: Review, monkeypatch: pytest.MonkeyPatch):
    entered, found = Event(), list[int | None]()
    read = review._read

    def read_slowly() -> ExperimentSchema | SchemaError:
        outcome = read()
        entered.set()
        changing.join(0.1) if changing.is_alive() else sleep(0.1)
        return outcome

    review.set_rows("orders", 7)
    monkeypatch.setattr(review, "_read", read_slowly)
    changing = Thread(target=lambda: review.set_rows("orders", 9))
    reading = Thread(target=lambda: found.append(review.edited().table("orders").target_rows))
    reading.start()
    entered.wait(10)
    changing.start()
    reading.join()
    changing.join()

    assert found == [7]
    assert review.edited().table("orders").target_rows == 9
