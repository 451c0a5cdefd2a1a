import polars as pl
import pytest

from engine.errors import RuleError, SchemaError
from engine.generation.requested_counts import row_counts
from engine.rules.compiler import TableCompiler
from tests.engine.rules.building import frame_of, schema_of

CUSTOMERS = [
    {"name": "id", "data_type": "INT", "is_unique": True, "min_value": 1000, "max_value": 9999},
    {"name": "email", "data_type": "VARCHAR(60)", "is_unique": True, "faker_rule": "email"},
]


def reference(table: str, column: str, name: str = "ref", data_type: str = "INT", **more: object) -> dict:
    options = {
        key: more.pop(key) for key in ("distribution", "unique", "root_fraction", "nullable", "fan_out") if key in more
    }
    key = {"references_table": table, "references_column": column, **options}
    return {"name": name, "data_type": data_type, "foreign_key": key, **more}


def test_every_value_exists_in_the_parent():
    schema = schema_of(
        customers=CUSTOMERS, orders=[reference("customers", "id"), reference("customers", "email", "mail", "TEXT")]
    )
    parents = frame_of(schema, "customers", 50, customers=50)
    orders = frame_of(schema, "orders", 5_000, customers=50)
    assert set(orders["ref"]) == set(parents["id"])
    assert set(orders["mail"]) == set(parents["email"])


def test_chain_of_keys():
    schema = schema_of(
        a=[{"name": "id", "data_type": "INT", "is_unique": True, "min_value": 1, "max_value": 9_000}],
        b=[reference("a", "id", "id", is_unique=True)],
        c=[reference("b", "id", "id", is_unique=True)],
        d=[reference("c", "id")],
    )
    counts = {"a": 300, "b": 200, "c": 100}
    c = frame_of(schema, "c", 100, **counts)["id"]
    assert c.n_unique() == 100
    assert set(frame_of(schema, "d", 3_000, **counts)["ref"]) == set(c)
    assert set(c) <= set(frame_of(schema, "a", 300, **counts)["id"])


def test_one_to_one_needs_enough_parents():
    schema = schema_of(customers=CUSTOMERS, cards=[reference("customers", "id", unique=True)])
    assert frame_of(schema, "cards", 40, customers=40, cards=40)["ref"].n_unique() == 40
    with pytest.raises(RuleError, match=r"cards\.ref: 41 rows reference different rows of customers, which has 40"):
        frame_of(schema, "cards", 41, customers=40, cards=41)


def test_one_to_one_without_a_number_has_as_many_rows_as_the_parents():
    schema = schema_of(customers=CUSTOMERS, cards=[reference("customers", "id", unique=True)])
    assert row_counts(schema, {"customers": 40}) == {"customers": 40, "cards": 40}
    assert row_counts(schema, {"customers": 40, "cards": 7}) == {"customers": 40, "cards": 7}
    both = schema_of(
        a=[*CUSTOMERS, reference("b", "id", unique=True)], b=[*CUSTOMERS, reference("a", "id", unique=True)]
    )
    assert row_counts(both, None) == {"a": 1000, "b": 1000}


def test_a_share_of_nulls_makes_the_key_optional():
    def orders(share: float) -> list[dict]:
        column = reference("customers", "id")
        return [{**column, "foreign_key": {**column["foreign_key"], "null_fraction": share}}]

    half = schema_of(customers=CUSTOMERS, orders=orders(0.5))
    assert half.table("orders").column("ref").is_nullable
    assert frame_of(half, "orders", 10_000)["ref"].is_null().mean() == pytest.approx(0.5, abs=0.02)
    assert not schema_of(customers=CUSTOMERS, orders=orders(0)).table("orders").column("ref").is_nullable


def test_self_reference_is_a_tree():
    staff = [{"name": "id", "data_type": "INT", "is_unique": True}, reference("staff", "id", "boss", required=False)]
    frame = frame_of(schema_of(staff=staff), "staff", 3_000)
    assert frame["boss"][0] is None
    assert frame.filter(pl.col("boss") >= pl.col("id")).is_empty()
    assert frame["boss"].null_count() == pytest.approx(150, abs=50)


def test_required_self_reference_has_roots_that_reference_themselves():
    staff = [{"name": "id", "data_type": "INT", "is_unique": True}, reference("staff", "id", "boss", root_fraction=0.1)]
    frame = frame_of(schema_of(staff=staff), "staff", 5_000)
    assert frame["boss"].null_count() == 0
    assert (frame["boss"] == frame["id"]).mean() == pytest.approx(0.1, abs=0.02)
    assert (frame["boss"] <= frame["id"]).all()


def test_nullable_key():
    schema = schema_of(customers=CUSTOMERS, orders=[reference("customers", "id", nullable=True)])
    assert frame_of(schema, "orders", 10_000)["ref"].is_null().mean() == pytest.approx(0.05, abs=0.01)


def test_parent_without_rows():
    required = schema_of(customers=CUSTOMERS, orders=[reference("customers", "id")])
    with pytest.raises(RuleError, match=r"orders\.ref: It references customers, which has no rows"):
        frame_of(required, "orders", 5, customers=0)
    optional = schema_of(customers=CUSTOMERS, orders=[reference("customers", "id", required=False)])
    assert frame_of(optional, "orders", 5, customers=0)["ref"].null_count() == 5


def test_circular_references_through_other_columns():
    identity = {"name": "id", "data_type": "INT", "is_unique": True}
    schema = schema_of(
        teams=[identity, reference("people", "id", "lead")],
        people=[identity, reference("teams", "id", "team")],
    )
    assert set(frame_of(schema, "teams", 500, people=20)["lead"]) == set(range(1, 21))


def test_a_cycle_of_keys_is_reported():
    schema = schema_of(a=[reference("b", "id", "id", is_unique=True)], b=[reference("a", "id", "id", is_unique=True)])
    with pytest.raises(RuleError, match=r"cycle: a\.id -> b\.id -> a\.id"):
        frame_of(schema, "a", 1)


def test_a_column_that_repeats_is_referenced_by_its_values():
    dimension = [
        {"name": "sk", "data_type": "INT", "is_unique": True},
        {"name": "number", "data_type": "VARCHAR(8)", "pattern": "C#"},
        {"name": "is_current", "data_type": "BOOLEAN"},
    ]
    schema = schema_of(dim=dimension, sales=[reference("dim", "number", data_type="VARCHAR(8)")])
    parents = frame_of(schema, "dim", 60, dim=60)["number"]
    assert set(frame_of(schema, "sales", 2_000, dim=60)["ref"]) == set(parents)
    compiler = TableCompiler(schema, schema.table("sales"), 0, {"dim": 60, "sales": 5})
    assert compiler.notes() == [
        "sales.ref: dim (number) is not unique, so a join can find several rows; "
        'a "where" on the foreign key chooses among them.'
    ]


def test_a_reference_to_a_column_that_may_be_null_is_refused():
    with pytest.raises(SchemaError, match=r"b\.ref: It references a\.id, which may be NULL"):
        schema_of(a=[{"name": "id", "data_type": "INT", "required": False}], b=[reference("a", "id")])


def test_a_few_favourite_parents():
    zipf = {"type": "zipf", "parameters": {"s": 1.0}}
    schema = schema_of(customers=CUSTOMERS, orders=[reference("customers", "id", distribution=zipf)])
    parents = frame_of(schema, "customers", 1_000, customers=1_000)["id"]
    counts = frame_of(schema, "orders", 100_000, customers=1_000)["ref"].value_counts(sort=True)
    assert set(counts["ref"]) <= set(parents)
    harmonic = sum(1 / rank for rank in range(1, 1_001))
    assert counts["count"][0] == pytest.approx(100_000 / harmonic, rel=0.05)
    assert counts["count"][9] == pytest.approx(100_000 / harmonic / 10, rel=0.12)
    places = counts.head(20).join(parents.to_frame().with_row_index("place"), left_on="ref", right_on="id")["place"]
    assert places.max() > 500


def test_a_distribution_with_a_wrong_name_is_an_error():
    schema = schema_of(customers=CUSTOMERS, orders=[reference("customers", "id", distribution={"type": "zip"})])
    with pytest.raises(RuleError, match=r"orders\.ref: "):
        frame_of(schema, "orders", 1)
