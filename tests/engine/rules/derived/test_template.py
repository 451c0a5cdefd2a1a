import pytest

from engine.rules.rule_checks import check_rules
from engine.schema.files import read_schema
from tests.engine.rules.building import frame_of, schema_of
from tests.engine.rules.derived.building import shop, table_with


def rows_of(template: str, rows: int = 300, **options: object) -> list[dict]:
    schema = table_with(**{"data_type": "VARCHAR(99)", "template": template, **options})
    return list(frame_of(schema, "t", rows).iter_rows(named=True))


def test_columns_of_every_kind():
    for row in rows_of("{s}/{QTY}/{price}/{d}/{ts}/{ok}"):
        truth = "true" if row["ok"] else "false"
        assert row["x"] == f"{row['s']}/{row['qty']}/{row['price']}/{row['d']}/{row['ts']}/{truth}"


def test_null_is_empty_text():
    rows = rows_of("<{maybe}>{n}")
    assert any(row["maybe"] is None for row in rows)
    for row in rows:
        assert row["x"] == f"<{row['maybe'] or ''}>{'' if row['n'] is None else row['n']}"
    assert "" in {row["x"] for row in rows_of("{maybe}")}


@pytest.mark.parametrize(
    ("template", "wanted"),
    [
        ("{id:06d}", lambda row: f"{row['id']:06d}"),
        ("{price:.1f}", lambda row: None),
        ("{qty:.2f}", lambda row: f"{row['qty']}.00"),
        ("{d:%Y-%m}|{ts:%H%M}", lambda row: f"{row['d']:%Y-%m}|{row['ts']:%H%M}"),
        ("{s|upper}{s|lower}", lambda row: row["s"].upper() + row["s"].lower()),
        ("{s|slug}@acme.com", lambda row: row["s"].replace(" ", "-") + "@acme.com"),
        ("{maybe|slug|upper}", lambda row: {"Ää": "AA", "b c": "B-C", None: ""}[row["maybe"]]),
        ("{{{qty}}}", lambda row: f"{{{row['qty']}}}"),
        ("plain", lambda row: "plain"),
        ("", lambda row: ""),
        ("{ s | upper }", lambda row: row["s"].upper()),
    ],
)
def test_formats_and_filters(template, wanted):
    for row in rows_of(template, 50):
        if wanted(row) is not None:
            assert row["x"] == wanted(row)


def test_slug_is_plain_ascii():
    column = {
        "name": "v",
        "data_type": "VARCHAR(40)",
        "values": ["  Zoë O'Neil-Łuk ", "Straße Nr. 5", "François", "日本"],
    }
    made = {"name": "x", "data_type": "VARCHAR(40)", "template": "{v|slug}"}
    slugs = frame_of(schema_of(t=[column, made]), "t", 100)
    assert dict(slugs.select("v", "x").iter_rows()) == {
        "  Zoë O'Neil-Łuk ": "zoe-oneil-luk",
        "Straße Nr. 5": "strasse-nr-5",
        "François": "francois",
        "日本": "",
    }


def test_template_over_templates_expressions_and_parents():
    document = shop().model_dump(mode="json", exclude_defaults=True)
    document["tables"][2]["columns"] += [
        {"name": "y", "data_type": "VARCHAR(99)", "template": "[{x}]"},
        {"name": "x", "data_type": "VARCHAR(99)", "template": "{order_id}:{customer_id.country.vat}:{key_again}"},
    ]
    schema = read_schema(document)
    counts = {"orders": 200, "customers": 50, "countries": 9}
    vats = dict(frame_of(schema, "countries", 9, **counts).select("code", "vat").iter_rows())
    customers = dict(frame_of(schema, "customers", 50, **counts).select("customer_id", "country").iter_rows())
    for row in frame_of(schema, "orders", 200, **counts).iter_rows(named=True):
        vat = vats.get(customers.get(row["customer_id"]), "")
        assert row["y"] == f"[{row['order_id']}:{vat}:{row['key_again']}]"


def test_text_is_cut_to_the_length():
    assert {len(row["x"]) for row in rows_of("{s}{s}", data_type="VARCHAR(5)")} == {5}


@pytest.mark.parametrize("length", [3, 8, 14, 60])
@pytest.mark.parametrize("template", ["{qty}@acme.com", "{s|slug}@{qty}.org", "{qty}"])
def test_unique_templates(template, length):
    made = [row["x"] for row in rows_of(template, 3_000, data_type=f"VARCHAR({length})", is_unique=True)]
    assert len(set(made)) == 3_000
    assert max(map(len, made)) <= length


def test_unique_address_stays_an_address():
    for row in rows_of("{s|slug}@acme.com", is_unique=True):
        assert row["x"].startswith(row["s"].replace(" ", "-") + ".")
        assert row["x"].endswith("@acme.com")


def test_rows_do_not_depend_on_the_chunk():
    schema = table_with(data_type="VARCHAR(60)", template="{s}@{qty}.com", is_unique=True)
    whole = frame_of(schema, "t", 60, t=100)["x"]
    assert frame_of(schema, "t", 10, offset=50, t=100)["x"].equals(whole.slice(50))


@pytest.mark.parametrize(
    ("template", "start"),
    [
        ("{prise}", 'There is no column "prise" in t. Did you mean "price"?'),
        ("{qty.name}", '"qty" of t is not a foreign key.'),
        ("a{b", 'The template has a single "{" (character 2).'),
        ("a}b", 'The template has a single "}" (character 2).'),
        ("{}", '"{}" names no column.'),
        ("{s|uper}", 'There is no filter "uper". Did you mean "upper"?'),
        ("{s:06d}", '"{s:06d}": 06d is for whole numbers.'),
        ("{f:.2f}", '"{f:.2f}": .2f is for exact numbers.'),
        ("{s:%Y}", "A text cannot be formatted with %-codes."),
        ("{qty:x}", '"{qty:x}" has an unknown format.'),
        ("{qty:99999d}", '"{qty:99999d}" has an unknown format.'),
        ("{bytes}", '"bytes" is a binary column, which templates cannot use.'),
        ("{x}", "These columns form a cycle: t.x -> t.x."),
    ],
)
def test_invalid_templates(template, start):
    (problem,) = check_rules(table_with(data_type="VARCHAR(99)", template=template))
    assert str(problem).startswith(f"t.x: {start}")


def test_too_few_unique_texts():
    schema = table_with(data_type="VARCHAR(1)", template="{qty}", is_unique=True)
    (problem,) = check_rules(schema)
    assert str(problem).startswith("t.x: 1,000 rows need unique values, but only 36 are possible.")
