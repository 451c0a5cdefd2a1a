"""A redundant reference: the person of a measurement is the person of its visit."""

from copy import deepcopy

import pytest

from engine import import_sql
from engine.errors import WorkbenchError
from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.schema.files import read_schema
from engine.warehouse.audit.key_checks import key_checks

ID = {"name": "id", "data_type": "INT", "is_unique": True}


def key(name: str, table: str, required: bool = True, **options: object) -> dict:
    reference = {"references_table": table, "references_column": "id", **options}
    return {"name": name, "data_type": "INT", "required": required, "foreign_key": reference}


SCHEMA = {
    "name": "lab",
    "tables": [
        {"name": "person", "target_rows": 50, "columns": [ID]},
        {"name": "visit", "target_rows": 200, "columns": [ID, key("person_id", "person")]},
        {
            "name": "measurement",
            "target_rows": 2000,
            "columns": [ID, key("person_id", "person", through="visit_id"), key("visit_id", "visit", required=False)],
        },
        {
            "name": "note",
            "target_rows": 500,
            "columns": [ID, key("measurement_id", "measurement"), key("person_id", "person", through="measurement_id")],
        },
    ],
}


def frames_of(schema):
    counts = row_counts(schema, {})
    return {
        table.name: preview(schema, table, rows=counts[table.key], offset=0, seed=3, counts=counts)
        for table in schema.tables
    }


def test_the_key_is_that_of_the_other_parent_also_in_a_chain():
    frames = frames_of(read_schema(deepcopy(SCHEMA)))
    persons = dict(frames["visit"].select("id", "person_id").rows())
    measurements = frames["measurement"]
    assert all(
        persons[visit] == person for person, visit in measurements.select("person_id", "visit_id").rows() if visit
    )
    assert set(measurements["person_id"]) <= set(frames["person"]["id"])
    assert measurements["visit_id"].null_count() > 0
    assert measurements["person_id"].null_count() == 0
    of_measurement = dict(measurements.select("id", "person_id").rows())
    assert all(
        of_measurement[one] == person for one, person in frames["note"].select("measurement_id", "person_id").rows()
    )


def test_the_audit_has_a_check_of_it():
    schema = read_schema(deepcopy(SCHEMA))
    checks = list(key_checks(schema, schema.table("measurement"), row_counts(schema, {})))
    assert [(check.column, check.expected) for check in checks if check.name == "through"] == [
        ("person_id", "that of visit_id.person_id")
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"through": "id"}, 'through names "id"'),
        ({"through": "nothing"}, 'through names "nothing"'),
        ({"through": "person_id"}, 'through names "person_id"'),
        ({"through": "visit_id", "unique": True}, "through cannot be combined with unique"),
        ({"through": "visit_id", "fan_out": [1, 3]}, "through cannot be combined with fan_out"),
    ],
)
def test_a_contradiction_is_refused(options, message):
    data = deepcopy(SCHEMA)
    data["tables"][2]["columns"][1] = key("person_id", "person", **options)
    with pytest.raises(WorkbenchError) as raised:
        read_schema(data)
    assert message in str(raised.value)
    assert "measurement.person_id" in str(raised.value)


def test_an_import_suggests_it_and_declared_keys_stay():
    script = """
    create table person (person_id int primary key);
    create table visit_occurrence (visit_occurrence_id int primary key, person_id int not null references person);
    create table drug_exposure (drug_exposure_id int primary key, person_id int not null references person,
        visit_occurrence_id int references visit_occurrence, drug_exposure_start_date date not null);
    create table account (account_id int primary key, person_id int not null references person);
    create table transfer (transfer_id int primary key, from_account_id int references account (account_id),
        to_account_id int references account (account_id), person_id int references person);
    """
    schema = import_sql(script, name="lab", dialect="redshift").schema
    found = schema.table("drug_exposure").column("person_id").foreign_key
    assert found is not None and found.references_table == "person" and found.through == "visit_occurrence_id"
    assert schema.table("transfer").column("person_id").foreign_key.through is None
    frames = frames_of(schema)
    persons = dict(frames["visit_occurrence"].select("visit_occurrence_id", "person_id").rows())
    pairs = frames["drug_exposure"].select("visit_occurrence_id", "person_id").drop_nulls().rows()
    assert pairs and all(persons[visit] == person for visit, person in pairs)
