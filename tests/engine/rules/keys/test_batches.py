"""Tables that grow in batches: no appended row changes an earlier one of any table."""

import polars as pl
import pytest

from engine.errors import WorkbenchError
from engine.generation.requested_counts import row_counts
from engine.schema.files import read_schema
from tests.engine.rules.building import frame_of

CUSTOMERS = [1000, 1010, 1010, 1100, 1101, 1200, 1300, 1400, 1500, 1600, 1700]
ORDERS = [3000, 3500, 3600, 3600, 3650, 4000, 4500, 5000, 5500, 6000, 6500]
ZIPF = {"type": "zipf", "parameters": {"s": 1.1}}
OPTIONS = [
    {},
    {"distribution": ZIPF},
    {"counted": True},
    {"counted": True, "distribution": ZIPF},
    {"where": "vip"},
    {"where": "vip", "counted": True},
    {"null_fraction": 0.2, "counted": True},
]
FANS = [{"fan_out": [1, 4]}, {"fan_out": [0, 3]}, {"fan_out_weights": {"0": 0.1, "1": 0.5, "2": 0.3, "8": 0.1}}]


def column(name, data_type="INT", **rest):
    return {"name": name, "data_type": data_type, **rest}


def key(name, table, **options):
    target = {"references_table": table, "references_column": "id"}
    return column(name, "BIGINT", required="null_fraction" not in options, foreign_key=target | options)


def shop(batch, options=None, fan=None, **tables):
    ident = column("id", "BIGINT", sequence={"start": 0}, is_unique=True)

    def grown(name, ends, columns):
        return {"name": name, "batches": ends[:batch], "target_rows": ends[batch], "columns": columns}

    items = [
        ident,
        key("order_id", "orders", **(fan or {"fan_out": [1, 4]})),
        column("line", line_number_of="order_id"),
    ]
    count = column("item_count", expression="items.order_id.count")
    vip = column("vip", "BOOLEAN", probability=0.5)
    name = column("name", "VARCHAR(40)", expression="coalesce(customer_id.name, '')")
    return read_schema(
        {
            "name": "shop",
            "tables": [
                grown("customers", CUSTOMERS, [ident, vip, column("name", "VARCHAR(40)", faker_rule="first_name")]),
                grown("orders", ORDERS, [ident, key("customer_id", "customers", **(options or {})), count, name]),
                {"name": "items", "columns": items},
                *({"name": name, **table} for name, table in tables.items()),
            ],
        }
    )


def frames(schema):
    counts = row_counts(schema, {})
    return {table.key: frame_of(schema, table.key, counts[table.key], **counts) for table in schema.tables}


@pytest.mark.parametrize("options", OPTIONS)
def test_ten_appends_change_no_earlier_row(options):
    before = frames(shop(0, options))
    for batch in range(1, len(ORDERS)):
        now = frames(shop(batch, options))
        for table, frame in before.items():
            assert now[table].height >= frame.height
            assert now[table].head(frame.height).equals(frame), (table, batch)
        before = now


@pytest.mark.parametrize("fan", FANS)
def test_lines_belong_to_the_parents_of_their_batch(fan):
    before = frames(shop(0, fan=fan))
    for batch in (1, 2, 3, 10):
        now = frames(shop(batch, fan=fan))
        items, orders = now["items"], now["orders"]
        assert items.head(before["items"].height).equals(before["items"])
        assert orders.head(before["orders"].height).equals(before["orders"])
        found = items.group_by("order_id").agg(pl.len().cast(pl.Int32), pl.col("line").max().alias("last"))
        assert found["len"].equals(found["last"].alias("len"))
        assert dict(found.select("order_id", "len").rows()) == dict(
            orders.filter(pl.col("item_count") > 0).select("id", "item_count").rows()
        )
        before = now


def test_a_row_sees_only_the_parents_of_its_batch_and_later_ones_see_all():
    orders = frames(shop(10))["orders"]
    first = 0
    for end, customers in zip(ORDERS, CUSTOMERS, strict=True):
        keys = orders[first:end]["customer_id"]
        assert keys.is_empty() or keys.max() < customers
        first = end
    assert orders[6000:]["customer_id"].max() >= 1600


def test_popular_parents_stay_popular():
    orders = frames(shop(10, {"distribution": ZIPF}))["orders"]
    favourite = orders[:3000]["customer_id"].mode()[0]
    assert (orders[3000:]["customer_id"] == favourite).mean() > 0.05


def test_a_table_without_batches_was_made_in_the_first():
    visits = {"target_rows": 500, "columns": [key("customer_id", "customers")]}
    assert frames(shop(10, visits=visits))["visits"].equals(frames(shop(0, visits=visits))["visits"])


def test_a_one_to_one_table_takes_the_new_parents():
    cards = {"columns": [key("customer_id", "customers", unique=True)]}
    early, late = frames(shop(0, cards=cards))["cards"], frames(shop(10, cards=cards))["cards"]
    assert late.head(1000).equals(early)
    assert late["customer_id"].n_unique() == 1700


@pytest.mark.parametrize("options", OPTIONS[:4])
def test_chunks_and_previews_equal_the_whole(options):
    schema = shop(10, options)
    whole = frames(schema)
    counts = row_counts(schema, {})
    for table in ("orders", "items"):
        rows = counts[table]
        parts = [
            frame_of(schema, table, 1000, offset=first, **counts).head(rows - first) for first in range(0, rows, 1000)
        ]
        assert pl.concat(parts).equals(whole[table])


def test_a_preview_far_away():
    schema = shop(1)
    counts = {"customers": 10**9, "orders": 4 * 10**9, "items": 10**10}
    assert frame_of(schema, "orders", 5, offset=4 * 10**9 - 5, **counts)["customer_id"].max() < 10**9


def refused(schema, table, message):
    with pytest.raises(WorkbenchError, match=message):
        counts = row_counts(schema, {})
        frame_of(schema, table, counts[table], **counts)


def test_counts_of_a_counted_key_over_batches_are_refused():
    cards = {"target_rows": 10, "columns": [column("n", expression="1")]}
    schema = shop(1, {"counted": True}, cards=cards)
    orders = column("order_count", expression="orders.customer_id.count")
    data = schema.model_dump(mode="json", exclude_none=True)
    data["tables"][0]["columns"].append(orders)
    refused(read_schema(data), "customers", "Later batches give earlier parents")


def test_batches_without_new_parents_are_refused():
    one = {"batches": [1000], "target_rows": 1200, "columns": [key("customer_id", "customers", unique=True)]}
    refused(shop(1, cards=one), "cards", "Batch 2 has 200 rows that reference different parents, of which it adds 10")
    fan = {"batches": [10], "target_rows": 70, "columns": [key("customer_id", "customers", fan_out=[0, 2])]}
    refused(shop(1, cards=fan), "cards", "more than 10 parents")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"batches": [5, 3]}, "batches must rise"),
        ({"batches": [5000]}, "above its target_rows"),
        ({"batches": [5, 6, 7]}, "customers has 1"),
    ],
)
def test_batches_that_contradict_are_refused(changes, message):
    data = shop(1).model_dump(mode="json", exclude_none=True)
    data["tables"][1] |= {"target_rows": 4000} | changes
    with pytest.raises(WorkbenchError, match=message):
        read_schema(data)


def test_the_next_line_is_of_the_same_parent_in_every_batch():
    data = shop(2).model_dump(mode="json", exclude_none=True)
    data["tables"][2]["columns"].append(column("following", required=False, expression="order_id.next.line"))
    items = frames(read_schema(data))["items"]
    following = items.select(pl.col("line").shift(-1).over("order_id")).to_series()
    assert items["following"].equals(following.alias("following"))
    data["tables"][2] |= {"batches": [7000, 8000], "target_rows": 8200}
    refused(read_schema(data), "items", "do not follow each other")
