"""Witnesses: rows with which queries find something, and the scenarios that place them."""

from typing import Any

import pytest

from engine.generation.preview import preview
from engine.schema.checks import check_schema
from engine.schema.models import ExperimentSchema
from engine.workload.changes import Change, apply_valid_changes
from engine.workload.reading import read_statements
from engine.workload.records import Workload
from engine.workload.witnesses import Facts, Unsolved, Witness, WitnessRow, find_witness, make_facts, place_witnesses

COUNTS = {"days": 365, "items": 200, "customers": 300, "sales": 2000}


def _column(name: str, data_type: str = "INTEGER", **more: Any) -> dict[str, Any]:
    return {"name": name, "data_type": data_type, **more}


def _key(name: str, table: str) -> dict[str, Any]:
    return _column(name, foreign_key={"references_table": table, "references_column": "id"})


@pytest.fixture(scope="module")
def shop() -> ExperimentSchema:
    colours = [f"colour {number}" for number in range(40)]
    return ExperimentSchema.model_validate({
        "name": "shop",
        "tables": [
            {"name": "days", "primary_key": ["id"], "columns": [
                _column("id"), _column("day", "DATE", sequence={"start": "2020-01-01", "step": 1}),
                _column("month_no", expression="month(day)"),
            ]},
            {"name": "items", "primary_key": ["id"], "columns": [
                _column("id"), _column("colour", "VARCHAR(20)", values=colours),
                _column("size", min_value=1, max_value=500), _column("maker", min_value=1, max_value=90),
            ]},
            {"name": "customers", "primary_key": ["id"], "columns": [
                _column("id"), _column("born", min_value=1930, max_value=2005), _column("note", "VARCHAR(60)"),
            ]},
            {"name": "sales", "primary_key": ["id"], "columns": [
                _column("id"), _key("day_id", "days"), _key("item_id", "items"), _key("customer_id", "customers"),
                _column("quantity", min_value=1, max_value=100), _column("price", "DECIMAL(7,2)", min_value=1,
                                                                         max_value=300),
                _column("total", "DECIMAL(9,2)", expression="quantity * price"),
            ]},
        ],
    })  # fmt: skip


@pytest.fixture(scope="module")
def facts(shop: ExperimentSchema) -> Facts:
    return make_facts(shop, COUNTS, 1)


QUERIES = {
    "one table": "select * from items where colour = 'colour 7' and size between 490 and 491 and maker > 88",
    "or": "select * from items where (colour = 'colour 1' and size = 3) or (colour = 'colour 2' and size = 4)",
    "text": "select * from customers where note like '%late%payer%' and born = 1931",
    "join": "select * from sales s join items i on i.id = s.item_id join customers c on c.id = s.customer_id "
    "where i.colour = 'colour 3' and i.size = 499 and c.born = 2005 and s.quantity = 99",
    "calendar": "select * from sales s, days d where s.day_id = d.id and d.month_no = 2 and d.day > date '2020-02-28' "
    "and s.quantity = 97 and s.price < 2",
    "cte": "with big as (select item_id as i, sum(quantity) as q from sales group by item_id) "
    "select * from big join items on items.id = big.i where colour = 'colour 9' and size = 17",
    "having": "select customer_id, count(*) from sales where price = 7.25 group by customer_id having count(*) > 3",
    "self-join": "select * from items a, items b where a.maker = b.maker and a.size = 11 and b.size = 12 "
    "and a.colour = 'colour 5'",
    "exists": "select * from customers c where born = 1950 and exists (select 1 from sales s "
    "where s.customer_id = c.id and s.quantity = 42 and s.price > 299)",
    "union": "select * from (select 'a' as k, size from items union all select 'b', born from customers) x "
    "where k = 'b' and size = 1999",
    "average": "select * from sales s where s.quantity = 55 and s.price > (select 1.2 * avg(t.price) from sales t "
    "where t.item_id = s.item_id) and s.price > 299.5",
    "aggregate": "select sum(total) from sales s, items i where s.item_id = i.id and i.size = 7 and i.maker = 7 "
    "and s.quantity = 7",
}


def _find(shop: ExperimentSchema, facts: Facts, sql: str, dialect: str = "redshift") -> Witness | Unsolved:
    (statement,) = read_statements({"q.sql": sql}, dialect, {}, tables=[table.key for table in shop.tables])
    return find_witness(shop, statement, Workload((statement,)), COUNTS, dialect, 1, facts=facts)


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_finds_its_witness(shop: ExperimentSchema, facts: Facts, name: str) -> None:
    found = _find(shop, facts, QUERIES[name])
    assert isinstance(found, Witness), found
    assert found.checked
    changes = place_witnesses(shop, [found], COUNTS)
    changed, kept, dropped = apply_valid_changes(shop, changes)
    assert (len(kept), dropped, check_schema(changed)) == (len(changes), [], [])
    assert changed.tables != shop.tables


def test_rows_are_linked_and_have_the_values(shop: ExperimentSchema, facts: Facts) -> None:
    found = _find(shop, facts, QUERIES["join"])
    assert isinstance(found, Witness)
    changed, _, _ = apply_valid_changes(shop, place_witnesses(shop, [found], COUNTS))
    frames = {
        name: preview(changed, changed.table(name), rows=COUNTS[name], offset=0, seed=5, counts=COUNTS)
        for name in ("sales", "items", "customers")
    }
    joined = frames["sales"].join(frames["items"], left_on="item_id", right_on="id")
    joined = joined.join(frames["customers"], left_on="customer_id", right_on="id")
    asked = {"colour": "colour 3", "size": 499, "born": 2005, "quantity": 99}
    assert joined.filter(**asked).height >= 1
    assert changed.table("sales").scenarios[0].serves == "q.sql, line 1"


def test_a_row_that_is_there_is_not_placed_again(shop: ExperimentSchema, facts: Facts) -> None:
    found = _find(shop, facts, QUERIES["one table"])
    assert isinstance(found, Witness)
    changed, _, _ = apply_valid_changes(shop, place_witnesses(shop, [found], COUNTS))
    assert place_witnesses(changed, [found], COUNTS) == []


def test_scenarios_of_a_query_are_placed_together_or_not_at_all(shop: ExperimentSchema, facts: Facts) -> None:
    found = _find(shop, facts, QUERIES["join"])
    assert isinstance(found, Witness)
    first, *rest = place_witnesses(shop, [found], COUNTS)
    broken = [{**first.new["scenarios"][0], "values": {"no_column": 1}}]
    spoiled = Change(first.table, None, "scenarios", {}, {"scenarios": broken}, first.serves, "", unit=first.unit)
    changed, kept, dropped = apply_valid_changes(shop, [spoiled, *rest])
    assert (changed, kept, len(dropped)) == (shop, [], 1 + len(rest))


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("select * from items where size = 9000", "No values were found"),
        ("select * from days where month_no = 13", "No rows of days meet"),
        ("select * from nowhere", "There is no table nowhere"),
        ("select * from items where 1 = 2", "1 = 2 is not true"),
        ("select no_function(size) from items where no_function(size) = 3", ""),
        ("select * from", ""),
    ],
)
def test_what_cannot_be_has_a_reason(shop: ExperimentSchema, facts: Facts, sql: str, reason: str) -> None:
    found = _find(shop, facts, sql)
    assert isinstance(found, Unsolved)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("sql", "repeats"),
    [
        ("select s.id from sales s join items i on s.item_id = i.id where i.size = 77 and quantity = 100", [3, 1]),
        ("select s.quantity, count(*) from sales s where s.quantity = 41 and s.price = 7.77 group by 1", [1]),
        ("select s.id, count(*) from sales s where s.quantity = 41 and s.price = 7.77 group by 1", [3]),
    ],
    ids=["rows of a small table are shared", "one group", "a group each"],
)
def test_a_witness_is_repeated_where_the_query_then_finds_more(
    shop: ExperimentSchema, facts: Facts, sql: str, repeats: list[int]
) -> None:
    found = _find(shop, facts, sql)
    assert isinstance(found, Witness)
    assert [row.repeats for row in found.rows] == repeats
    changed, _, _ = apply_valid_changes(shop, place_witnesses(shop, [found], COUNTS))
    sales = preview(changed, changed.table("sales"), rows=2000, offset=0, seed=5, counts=COUNTS)
    wanted = sales.filter(quantity=41, price=7.77) if "7.77" in sql else sales.filter(quantity=100)
    assert wanted.height >= repeats[0]


def test_a_witness_is_placed_without_repeats_where_room_is_short(shop: ExperimentSchema, facts: Facts) -> None:
    found = _find(shop, facts, "select s.id from sales s where s.quantity = 41 and s.price = 7.77")
    assert isinstance(found, Witness)
    (change,) = place_witnesses(shop, [found], {**COUNTS, "sales": 20})
    assert change.new["scenarios"][0]["rows"] == 1


def test_what_is_drawn_in_each_row_is_tried_in_several_rows() -> None:
    schema = ExperimentSchema.model_validate({
        "name": "shop", "tables": [{"name": "sales", "primary_key": ["id"], "columns": [
            _column("id"), _column("list_price", min_value=1, max_value=300),
            _column("size", min_value=1, max_value=900),
            _column("price", "DECIMAL(9,2)", expression="list_price * uniform(0.7, 1.0, random())"),
        ]}],
    })  # fmt: skip
    found = _find(schema, make_facts(schema, COUNTS, 1), "select sum(size) from sales where price > 150 and size = 7")
    assert isinstance(found, Witness), found
    assert found.rows[0].copies > 1
    changed, _, _ = apply_valid_changes(schema, place_witnesses(schema, [found], COUNTS))
    made = preview(changed, changed.table("sales"), rows=2000, offset=0, seed=5, counts=COUNTS)
    assert made.filter(made["price"] > 150, made["size"] == 7).height > 0


def test_a_value_of_several_columns_is_one_that_all_allow() -> None:
    zips = [f"{number:05}" for number in range(0, 99_000, 90)]
    schema = ExperimentSchema.model_validate({
        "name": "shop", "tables": [
            {"name": "stores", "primary_key": ["id"], "columns": [
                _column("id"), _column("zip", "VARCHAR(9)", values=zips), _column("market", min_value=1, max_value=900),
            ]},
            {"name": "homes", "primary_key": ["id"], "columns": [
                _column("id"), _column("zip", "VARCHAR(9)", pattern="9####"),
                _column("rooms", min_value=1, max_value=900),
            ]},
        ],
    })  # fmt: skip
    counts = {"stores": 300, "homes": 300}
    sql = "select * from stores s, homes h where s.zip = h.zip and s.market = 17 and h.rooms = 8"
    found = _find(schema, make_facts(schema, counts, 1), sql)
    assert isinstance(found, Witness), found
    assert {row.values["zip"][0] for row in found.rows} == {"9"}


def test_a_small_table_gets_a_row_where_none_fits() -> None:
    schema = ExperimentSchema.model_validate({
        "name": "shop", "tables": [{"name": "kinds", "primary_key": ["id"], "columns": [
            _column("id"), _column("kind", "VARCHAR(9)", values=[f"kind {number}" for number in range(300)]),
        ]}],
    })  # fmt: skip
    facts = make_facts(schema, {"kinds": 20}, 1)
    missing = next(f"kind {number}" for number in range(300) if f"kind {number}" not in facts.frame(0)["kind"])
    assert isinstance(_find(schema, facts, f"select * from kinds where kind = '{missing}'"), Witness)


def test_what_rules_alone_make_is_chosen_among_the_rows() -> None:
    name = "case when uniform(1, 40, random()) = 1 then 'ese' else 'other' end"
    schema = ExperimentSchema.model_validate({
        "name": "drawn",
        "tables": [
            {"name": "stores", "primary_key": ["id"], "columns": [
                _column("id"), _column("name", "VARCHAR(9)", expression=name), _column("size"),
            ]},
            {"name": "sales", "primary_key": ["id"], "columns": [_column("id"), _key("store_id", "stores"),
                                                                 _column("price", min_value=1, max_value=999)]},
        ],
    })  # fmt: skip
    counts = {"stores": 400, "sales": 1000}
    sql = "select * from sales s join stores t on t.id = s.store_id where t.name = 'ese' and s.price = 500"
    (statement,) = read_statements({"q.sql": sql}, "redshift", {}, tables=["stores", "sales"])
    found = find_witness(schema, statement, Workload((statement,)), counts, "redshift", 1)
    assert isinstance(found, Witness), found
    changed, kept, _ = apply_valid_changes(schema, place_witnesses(schema, [found], counts))
    assert [change.table for change in kept] == ["sales"]
    frames = {
        each: preview(changed, changed.table(each), rows=counts[each], offset=0, seed=1, counts=counts)
        for each in counts
    }
    joined = frames["sales"].join(frames["stores"], left_on="store_id", right_on="id")
    assert joined.filter(name="ese", price=500).height >= 1


@pytest.mark.parametrize(
    ("rows", "added"),
    [
        ([WitnessRow("items", {"size": 7}, {})], 0),
        ([WitnessRow("items", {"size": 7}, {}, is_drawn=True)], 1),
        ([WitnessRow("items", {"size": 7}, {}), WitnessRow("items", {}, {})], 1),
    ],
    ids=["the same row", "one whose rules draw", "two rows"],
)
def test_a_row_of_another_query_is_used_once_and_only_where_nothing_is_drawn(
    shop: ExperimentSchema, rows: list[WitnessRow], added: int
) -> None:
    first, second = read_statements({"a.sql": "select 1", "b.sql": "select 2"}, "redshift", {})
    placed = Witness(first, (WitnessRow("items", {"size": 7}, {}),), checked=True)
    changed, _, _ = apply_valid_changes(shop, place_witnesses(shop, [placed], COUNTS))
    changes = place_witnesses(changed, [Witness(second, tuple(rows), checked=True)], COUNTS)
    assert sum(len(change.new["scenarios"]) for change in changes) == added


def test_rows_that_can_be_placed_are_where_the_key_of_another_cannot_be_set() -> None:
    schema = ExperimentSchema.model_validate({
        "name": "orders",
        "tables": [
            {"name": "stores", "primary_key": ["id"], "columns": [
                _column("id"), _column("city", "VARCHAR(20)", values=["Bonn", "Rome", "Oslo"]),
                _column("format", "VARCHAR(20)", values=["small", "large", "flagship"], weights=[900, 99, 1]),
            ]},
            {"name": "orders", "primary_key": ["id"], "columns": [_column("id"), _key("store_id", "stores")]},
            {"name": "lines", "columns": [
                _column("order_id", foreign_key={
                    "references_table": "orders", "references_column": "id", "fan_out": [1, 3]}),
                _column("quantity", min_value=1, max_value=100),
            ]},
        ],
    })  # fmt: skip
    sql = (
        "select sum(quantity) as sold from lines join orders on orders.id = order_id "
        "join stores on stores.id = store_id where city = 'Oslo' and format = 'flagship' and quantity > 50 "
        "group by city"
    )
    (statement,) = read_statements({"sold.sql": sql}, "redshift", {})
    counts = {"stores": 12, "orders": 400, "lines": 800}

    found = find_witness(schema, statement, Workload((statement,)), counts, "redshift", 1)

    assert isinstance(found, Unsolved) and found.partial is not None and not found.partial.checked
    assert "fan_out" in found.reason
    rows = {row.table: row for row in found.partial.rows}
    assert set(rows) == {"stores", "orders"}
    assert rows["stores"].values == {"city": "Oslo", "format": "flagship"}
    changed, made, dropped = apply_valid_changes(schema, place_witnesses(schema, [found.partial], counts))
    assert (len(made), len(dropped)) == (2, 0)
    placed = preview(changed, changed.table("stores"), rows=12, offset=0, seed=1, counts=counts)
    assert ("Oslo", "flagship") in placed.select("city", "format").rows()


def test_rows_that_are_referred_to_are_there_at_the_usual_number_of_rows() -> None:
    schema = ExperimentSchema.model_validate({
        "name": "stock",
        "tables": [
            {"name": "houses", "primary_key": ["id"], "target_rows": 4, "columns": [_column("id")]},
            {"name": "days", "primary_key": ["id"], "target_rows": 60, "columns": [
                _column("id"), _column("day", "DATE", sequence={"start": "2020-01-01", "step": 1}),
            ]},
            {"name": "stock", "primary_key": ["house_id", "day_id"], "target_rows": 100, "columns": [
                _key("house_id", "houses"), _key("day_id", "days"), _column("quantity", min_value=0, max_value=1000),
            ]},
        ],
    })  # fmt: skip
    sql = "select house_id from stock where quantity = 999 group by house_id having count(*) > 1"
    (statement,) = read_statements({"full.sql": sql}, "redshift", {})
    counts = {"houses": 400, "days": 60, "stock": 9000}

    found = find_witness(schema, statement, Workload((statement,)), counts, "redshift", 1)

    assert isinstance(found, Witness)
    houses = [row.parents["house_id"].number for row in found.rows if "house_id" in row.parents]
    assert houses and all(number is None or number < 4 for number in houses)
    _, made, dropped = apply_valid_changes(schema, place_witnesses(schema, [found], counts))
    assert made and not dropped
