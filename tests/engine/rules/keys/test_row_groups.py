"""Groups of rows without a table of their own: sizes, distinct items, one value in a group, rising values."""

import polars as pl
import pytest

from engine.errors import RuleError, WorkbenchError
from engine.rules.rule_checks import check_rules
from engine.schema.files import read_schema
from tests.engine.rules.building import frame_of

ID = {"name": "sk", "data_type": "INT", "is_unique": True}


def key_to(name, table, **options):
    rest = {key: options.pop(key) for key in ("same_within", "required", "null_fraction") if key in options}
    return {
        "name": name,
        "data_type": "INT",
        "foreign_key": {"references_table": table, "references_column": "sk", **options},
        **rest,
    }


def tickets(groups=(1, 9), items=20, **item):
    columns = [
        key_to("item", "items", **item),
        {"name": "ticket", "data_type": "BIGINT", "groups": list(groups)},
        key_to("buyer", "buyers", same_within="ticket", required=False, null_fraction=0.2),
        {"name": "day", "data_type": "DATE", "same_within": "ticket"},
        {"name": "city", "data_type": "VARCHAR(60)", "required": False, "expression": "buyer.city"},
        {"name": "place", "data_type": "INT", "expression": "ticket.line"},
        {"name": "size", "data_type": "INT", "expression": "ticket.count"},
    ]
    return read_schema(
        {
            "name": "lab",
            "tables": [
                {"name": "items", "target_rows": items, "columns": [ID]},
                {
                    "name": "buyers",
                    "target_rows": 300,
                    "columns": [ID, {"name": "city", "data_type": "VARCHAR(60)", "faker_rule": "city"}],
                },
                {"name": "sales", "target_rows": 5000, "primary_key": ["item", "ticket"], "columns": columns},
            ],
        }
    )


def versions(**column):
    return read_schema(
        {
            "name": "lab",
            "tables": [
                {
                    "name": "dim",
                    "target_rows": 3000,
                    "columns": [
                        ID,
                        {"name": "code", "data_type": "VARCHAR(20)", "pattern": "C-#####", "groups": [1, 4], **column},
                        {"name": "name", "data_type": "VARCHAR(60)", "faker_rule": "name", "same_within": "code"},
                        {"name": "since", "data_type": "DATE", "rising_within": "code"},
                        {
                            "name": "until",
                            "data_type": "DATE",
                            "required": False,
                            "expression": "code.next.since - 1",
                        },
                        {"name": "version", "data_type": "INT", "line_number_of": "code"},
                        {"name": "is_current", "data_type": "BOOLEAN", "expression": "version = code.count"},
                    ],
                }
            ],
        }
    )


@pytest.mark.parametrize("popularity", [None, {"type": "zipf", "parameters": {"s": 1.1}}])
@pytest.mark.parametrize("groups", [(1, 9), (2, 2), (1, 1), (3, 20)])
def test_tickets_have_different_items_and_one_buyer(groups, popularity):
    schema = tickets(groups, distribution=popularity)
    assert not check_rules(schema)
    sales = frame_of(schema, "sales", 5000)

    assert not sales.select("item", "ticket").is_duplicated().any()
    found = sales.group_by("ticket", maintain_order=True).agg(
        pl.len().alias("n"),
        pl.col("buyer").n_unique().alias("buyers"),
        pl.col("day").n_unique().alias("days"),
        "place",
        "size",
    )
    assert found["ticket"].to_list() == list(range(1, found.height + 1))
    assert found["n"][:-1].min() >= groups[0] and found["n"].max() <= groups[1]
    assert found["buyers"].to_list() == found["days"].to_list() == [1] * found.height
    assert found["place"].to_list() == [list(range(1, n + 1)) for n in found["n"]]
    assert found["size"].to_list() == [[n] * n for n in found["n"]]
    assert sales["buyer"].is_null().eq(sales["city"].is_null()).all()
    assert 0.1 < sales["buyer"].null_count() / sales.height < 0.3
    cities = dict(frame_of(schema, "buyers", 300).iter_rows())
    assert sales["city"].to_list() == [cities.get(each) for each in sales["buyer"]]


def test_groups_do_not_depend_on_the_number_of_rows():
    schema = tickets()
    whole = frame_of(schema, "sales", 5000, sales=5000).drop("size")
    assert frame_of(schema, "sales", 900, sales=900).drop("size").equals(whole[:900])
    assert frame_of(schema, "sales", 100, offset=800, sales=5000).drop("size").equals(whole[800:900])


def test_versions_follow_each_other():
    dim = frame_of(versions(), "dim", 3000)

    of_code = dim.group_by("code", maintain_order=True).agg(pl.all())
    assert dim["code"].str.contains(r"^C-\d{5}$").all()
    assert 900 < of_code.height < 1500
    for row in of_code.iter_rows(named=True):
        size = len(row["sk"])
        assert row["version"] == list(range(1, size + 1))
        assert row["is_current"] == [False] * (size - 1) + [True]
        assert len(set(row["name"])) == 1
        assert row["since"] == sorted(set(row["since"]))
        assert row["until"][-1] is None
        for until, following in zip(row["until"][:-1], row["since"][1:], strict=True):
            assert (following - until).days == 1


def test_a_child_reads_the_values_of_a_group():
    schema = versions()
    fact = {"name": "fact", "target_rows": 500, "columns": [
        key_to("d", "dim"),
        {"name": "name", "data_type": "VARCHAR(60)", "expression": "d.name"},
        {"name": "until", "data_type": "DATE", "required": False, "expression": "d.until"},
    ]}  # fmt: skip
    whole = read_schema({"name": "lab", "tables": [schema.tables[0].model_dump(mode="json"), fact]})
    by_key = {row["sk"]: row for row in frame_of(whole, "dim", 3000).iter_rows(named=True)}
    for row in frame_of(whole, "fact", 500).iter_rows(named=True):
        assert (row["name"], row["until"]) == (by_key[row["d"]]["name"], by_key[row["d"]]["until"])


def test_values_rise_within_a_fan_out_in_a_key():
    schema = read_schema(
        {
            "name": "lab",
            "tables": [
                {"name": "hub", "target_rows": 400, "columns": [ID]},
                {
                    "name": "sat",
                    "primary_key": ["hub_sk", "loaded"],
                    "columns": [
                        key_to("hub_sk", "hub", fan_out=[1, 3]),
                        {"name": "loaded", "data_type": "TIMESTAMP", "rising_within": "hub_sk"},
                    ],
                },
            ],
        }
    )
    assert not check_rules(schema)
    for rows in (300, 800, 1100):
        sat = frame_of(schema, "sat", rows, sat=rows)
        assert not sat.is_duplicated().any()
    natural = frame_of(schema, "sat", 800).group_by("hub_sk", maintain_order=True).agg("loaded")["loaded"].to_list()
    assert all(each == sorted(each) for each in natural)


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        (lambda: tickets(items=5), "A parent can have 9 rows with different (item, ticket), and only 5 are possible"),
        (lambda: versions(pattern="C-#"), "groups with different values, but only 10 are possible"),
    ],
)
def test_too_few_values_are_refused(schema, message):
    problems = check_rules(schema())
    assert any(message in problem.message for problem in problems)
    with pytest.raises(RuleError):
        frame_of(schema(), "dim" if len(schema().tables) == 1 else "sales", 3000)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ({"groups": [0, 3]}, "is not a minimum of 1 or more and a maximum"),
        ({"groups": [3, 1]}, "is not a minimum of 1 or more and a maximum"),
        ({"groups": [1, 3], "same_within": "no"}, "groups and same_within cannot be combined"),
        ({"groups": [1, 3], "is_unique": True}, "A unique column cannot have groups"),
        ({"groups": [1, 3], "required": False}, "A column with groups cannot be NULL"),
        ({"groups": [1, 3], "expression": "1"}, "groups cannot be combined with expression"),
        ({"groups": [1, 3], "distribution": {"type": "zipf"}}, "groups cannot be combined with distribution"),
        ({"groups": [1, 3], "default_value": 4}, "groups cannot be combined with default_value"),
        ({"same_within": "id"}, 'names "id", which is not a column with groups.'),
        ({"same_within": "z"}, 'There is no column "z"'),
        ({"same_within": "no", "sequence": {"start": 1}}, "same_within cannot be combined with a number that counts"),
        ({"rising_within": "id"}, "which is not a column with groups, or a foreign key with a fan_out"),
        ({"rising_within": "no", "values": [1, 2]}, "rising_within needs a number, date or time without a rule"),
    ],
)
def test_contradictions_are_refused(column, message):
    columns = [
        {"name": "id", "data_type": "INT", "is_unique": True},
        {"name": "no", "data_type": "INT", "groups": [1, 3]},
        {"name": "x", "data_type": "INT", **column},
    ]
    with pytest.raises(WorkbenchError) as raised:
        read_schema({"name": "lab", "tables": [{"name": "t", "columns": columns}]})
    assert message in str(raised.value)


def test_a_wrong_path_says_what_follows_a_group():
    schema = versions().model_dump(mode="json")
    schema["tables"][0]["columns"][-1]["expression"] = "code.since > date '2020-01-01'"
    (problem,) = check_rules(read_schema(schema))
    assert '"since" does not follow "code"' in problem.message
    assert "code.next.column" in problem.hint
