"""Keys of several columns and conditions on parents, generated, loaded and proved by the audit."""

import pytest

import engine

IDENTITY = {"name": "id", "data_type": "INT", "is_unique": True}
ZIPF = {"type": "zipf", "parameters": {"s": 1.1}}


def to(table, name, **options):
    key = {"references_table": table, "references_column": "id", **options}
    return {"name": name, "data_type": "INT", "foreign_key": key}


SHOP = {
    "name": "shop",
    "tables": [
        {"name": "accounts", "target_rows": 60, "columns": [
            IDENTITY, {"name": "kind", "data_type": "VARCHAR(6)", "values": ["School", "Clinic", "it's"]},
            {"name": "Is Open", "quoted": True, "data_type": "BOOLEAN", "required": False},
        ]},
        {"name": "orders", "target_rows": 400, "columns": [
            IDENTITY, to("accounts", "account_id", where="kind = 'School' or kind = 'it''s'", distribution=ZIPF),
        ]},
        {"name": "products", "target_rows": 30, "columns": [IDENTITY]},
        {"name": "items", "primary_key": ["order_id", "product_id"], "columns": [
            to("orders", "order_id", fan_out=[1, 9]), to("products", "product_id", distribution=ZIPF),
            {"name": "quantity", "data_type": "INT", "min_value": 1, "max_value": 5},
        ]},
        {"name": "returns", "columns": [
            {"name": "order_no", "data_type": "INT"}, {"name": "product_no", "data_type": "INT"},
        ], "foreign_keys": [{
            "columns": ["order_no", "product_no"], "references_table": "items",
            "references_columns": ["order_id", "product_id"], "unique": True, "where": "quantity >= 4",
        }]},
        {"name": "parcels", "primary_key": ["order_no", "product_no", "parcel"], "columns": [
            {"name": "order_no", "data_type": "INT"}, {"name": "product_no", "data_type": "INT"},
            {"name": "parcel", "data_type": "INT", "line_number_of": "product_no"},
        ], "foreign_keys": [{
            "columns": ["order_no", "product_no"], "references_table": "items",
            "references_columns": ["order_id", "product_id"], "fan_out": [1, 3],
        }]},
        {"name": "visits", "columns": [
            to("accounts", "school_id", fan_out=[2, 5], where="lower(kind) like 'sch%'"),
            {"name": "visit", "data_type": "INT", "line_number_of": "school_id"},
        ]},
        {"name": "leases", "columns": [to("accounts", "account_id", unique=True, where='"Is Open"')]},
        {"name": "likes", "target_rows": 1000, "primary_key": ["order_id", "product_id"], "columns": [
            to("orders", "order_id"), to("products", "product_id", distribution=ZIPF),
        ]},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with engine.Workbench(tmp_path_factory.mktemp("promises")) as workbench:
        made = workbench.create(SHOP)
        made.generate(seed=5, progress=lambda progress: None)
        yield made


def test_the_audit_proves_every_promise(shop):
    audit = shop.audit()
    assert audit.passed, audit.failures
    found = {(finding.check, finding.table, finding.column) for finding in audit.findings}
    assert found >= {
        ("where", "orders", "account_id"),
        ("composite_unique", "items", "order_id, product_id"),
        ("fan_out", "items", "order_id"),
        ("where", "returns", "order_no, product_no"),
        ("one_to_one", "returns", "order_no, product_no"),
        ("composite_foreign_key", "returns", "order_no, product_no"),
        ("fan_out", "parcels", "order_no, product_no"),
        ("line_number", "parcels", "parcel"),
        ("fan_out", "visits", "school_id"),
        ("where", "leases", "account_id"),
        ("one_to_one", "leases", "account_id"),
        ("composite_unique", "likes", "order_id, product_id"),
    }


def test_a_table_that_follows_chosen_parents_has_their_number_of_rows(shop):
    count = "select count(*) from {}".format
    assert shop.query(count("returns")).frame.item() == shop.query(count("items where quantity >= 4")).frame.item()
    assert shop.query(count("leases")).frame.item() == shop.query(count('accounts where "Is Open"')).frame.item()


@pytest.mark.parametrize("table", ["orders", "items", "returns", "parcels", "visits", "leases", "likes"])
def test_a_preview_equals_the_rows_of_the_run(shop, table):
    rows = shop.row_counts()[table]
    whole = shop.preview(table, rows, seed=5)
    for offset in (1, rows // 2, rows - 2):
        assert shop.preview(table, 2, offset=offset, seed=5).equals(whole[offset : offset + 2])
    columns = ", ".join(f'"{name}"' for name in whole.columns)
    stored = shop.query(f"select {columns} from {table} order by all").frame
    assert stored.rows() == whole.sort(whole.columns).rows()
