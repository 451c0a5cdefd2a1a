"""The audit proves that the parts of a place belong together."""

import pytest

import engine
from tests.engine.warehouse.audit.damage import find_damage

SHIPPING = {
    "name": "shipping",
    "tables": [
        {
            "name": "sites",
            "target_rows": 400,
            "columns": [
                {"name": "id", "data_type": "INT", "is_unique": True},
                {"name": "city", "data_type": "VARCHAR(60)", "place": "city"},
                {"name": "state", "data_type": "VARCHAR(40)", "place": "state", "required": False,
                 "null_fraction": 0.2},
                {"name": "zip", "data_type": "VARCHAR(10)", "place": "postcode"},
                {"name": "lat", "data_type": "DECIMAL(8,4)", "place": "latitude"},
                {"name": "lon", "data_type": "REAL", "place": "longitude"},
                {"name": "phone", "data_type": "VARCHAR(24)", "place": "phone"},
                {"name": "bill_country", "data_type": "CHAR(2)", "place": "country_code", "place_of": "bill"},
                {"name": "bill_city", "data_type": "VARCHAR(60)", "place": "city", "place_of": "bill"},
                {"name": "bill_lat", "data_type": "VARCHAR(12)", "place": "latitude", "place_of": "bill"},
                {"name": "next_zip", "data_type": "INT", "place": "postcode", "place_of": "next", "place_near": ""},
            ],
        },
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        experiment = workbench.create(SHIPPING)
        experiment.generate(seed=3)
        yield experiment


def test_generated_places_pass(made):
    audit = made.audit()
    assert audit.passed, audit.failures
    checked = [finding.column for finding in audit.findings if finding.check == "place"]
    assert checked == ["city", "bill_country", "next_zip"]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ("city = 'Atlantis'", "city"),
        ("state = case when state = 'Texas' then 'Ohio' else 'Texas' end", "city"),
        ("zip = 'X' || substr(zip, 2)", "city"),
        ("lat = lat + 1", "city"),
        ("lon = 0", "city"),
        ("phone = '0' || phone", "city"),
        ("bill_country = case when bill_country = 'US' then 'FR' else 'US' end", "bill_country"),
        ("bill_lat = 'north'", "bill_country"),
        ("next_zip = -1", "next_zip"),
    ],
)
def test_a_part_of_another_place_is_found(made, change: str, column: str):
    state = " and state is not null" if column == "city" else ""
    table = "sites"
    where = f"id = (select min(id) from {table} where true{state})"
    assert ("place", column) in find_damage(made, f"update {table} set {change} where {where}")


def test_a_part_that_is_that_of_a_groups_first_row_is_proved_apart(workbench: engine.Workbench):
    columns = [
        {"name": "code", "data_type": "INT", "groups": [1, 4]},
        {"name": "city", "data_type": "VARCHAR(60)", "place": "city", "same_within": "code"},
        {"name": "state", "data_type": "CHAR(2)", "place": "state_code", "same_within": "code"},
        {"name": "zip", "data_type": "CHAR(10)", "place": "postcode"},
    ]
    made = workbench.create({"name": "sites", "tables": [{"name": "sites", "columns": columns}]})
    made.generate(400, seed=3)

    audit = made.audit()

    assert audit.passed, audit.failures
    assert [finding.column for finding in audit.findings if finding.check == "place"] == ["city", "zip"]


def test_rows_in_which_a_scenario_sets_another_part_are_left_out(workbench: engine.Workbench):
    columns = [
        {"name": "id", "data_type": "INT", "is_unique": True},
        {"name": "zip", "data_type": "VARCHAR(10)", "place": "postcode"},
        {"name": "city", "data_type": "VARCHAR(60)", "place": "city"},
    ]
    scenario = {"name": "far", "rows": 4, "values": {"city": "Atlantis"}}
    table = {"name": "sites", "target_rows": 200, "columns": columns, "scenarios": [scenario]}
    experiment = workbench.create({"name": "far", "tables": [table]})
    experiment.generate(seed=3)
    audit = experiment.audit()
    assert audit.passed, audit.failures
    assert "place" in {finding.check for finding in audit.findings}
    other = "id = (select min(id) from sites where city != 'Atlantis')"
    assert ("place", "zip") in find_damage(experiment, f"update sites set city = 'Atlantis' where {other}")
