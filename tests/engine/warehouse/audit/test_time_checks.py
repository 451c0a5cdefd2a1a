"""The audit proves seasons, spikes and fixed intervals, and sees damage."""

import pytest

import engine
from tests.engine.warehouse.audit.damage import find_damage

YEARS = {"date_start": "2023-01-01", "date_end": "2024-12-31"}
WORK = {"timestamp_start": "2024-03-01", "timestamp_end": "2024-09-30T23:59:59"}


def shop():
    key = {"references_table": "sensors", "references_column": "id", "fan_out": [1, 60]}
    return {
        "name": "lab",
        "tables": [
            {
                "name": "sensors",
                "target_rows": 300,
                "columns": [
                    {"name": "id", "data_type": "INT", "is_unique": True},
                    {"name": "since", "data_type": "DATE", "date_start": "2023-01-01", "date_end": "2023-12-31"},
                ],
            },
            {
                "name": "readings",
                "columns": [
                    {"name": "id", "data_type": "INT", "sequence": {"start": 1}},
                    {"name": "sensor_id", "data_type": "INT", "foreign_key": key},
                    {
                        "name": "read_at",
                        "data_type": "TIMESTAMP",
                        "every": {"within": "sensor_id", "start": "sensor_id.since", "interval": "15 minutes"},
                    },
                    {
                        "name": "checked_on",
                        "data_type": "DATE",
                        "required": False,
                        "null_fraction": 0.2,
                        "every": {"within": "sensor_id", "start": "2024-01-01", "interval": "1 day"},
                    },
                    {
                        "name": "sold_on",
                        "data_type": "DATE",
                        **YEARS,
                        "seasonality": {
                            "month": {"12": 3},
                            "week": {"26": 4},
                            "weekday": {"7": 0},
                            "holidays": {"country": "DE", "weight": 0},
                        },
                        "spikes": [{"on": "2024-11-29", "weight": 20}, {"on": "12-30", "to": "01-02", "weight": 0}],
                    },
                    {
                        "name": "called_at",
                        "data_type": "TIMESTAMP",
                        "required": False,
                        **WORK,
                        "seasonality": {"hour": {"0": 0, "12": 3}},
                        "spikes": [{"on": "05-01", "hours": [18, 20], "weight": 200}],
                        "trend": {"type": "linear", "growth": 4},
                    },
                ],
            },
        ],
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        experiment = workbench.create(shop())
        experiment.generate(seed=3)
        yield experiment


def test_generated_data_passes(made):
    audit = made.audit()
    assert audit.passed, audit.failures
    assert not audit.not_proved
    proved = {(finding.check, finding.column) for finding in audit.findings}
    of_days = {f"seasonality {part}" for part in ("month", "week", "weekday", "holidays DE")}
    assert proved >= {(one, "sold_on") for one in (*of_days, "spikes 2024-11-29", "spikes 12-30 to 01-02")}
    assert proved >= {("seasonality hour", "called_at"), ("spikes 05-01", "called_at")}
    assert proved >= {("every", "read_at"), ("every", "checked_on")}


@pytest.mark.parametrize(
    ("statement", "check", "column"),
    [
        ("update readings set read_at = read_at + interval 1 second where id = 4", "every", "read_at"),
        ("update readings set read_at = read_at + interval 15 minute where id = 4", "every", "read_at"),
        ("update readings set read_at = read_at - interval 15 minute where sensor_id = 4", "every", "read_at"),
        ("update sensors set since = since + 1 where id = 2", "every", "read_at"),
        ("update readings set checked_on = checked_on - 1000 where id = 4", "every", "checked_on"),
        ("update readings set sold_on = sold_on - 31 where month(sold_on) = 12", "seasonality month", "sold_on"),
        ("update readings set sold_on = date '2024-06-30' where id = 9", "seasonality weekday", "sold_on"),
        ("update readings set sold_on = date '2024-10-03' where id = 9", "seasonality holidays DE", "sold_on"),
        ("update readings set sold_on = sold_on + 7 where week(sold_on) = 26", "seasonality week", "sold_on"),
        (
            "update readings set sold_on = date '2023-11-27' where sold_on = '2024-11-29'",
            "spikes 2024-11-29",
            "sold_on",
        ),
        ("update readings set sold_on = date '2024-01-02' where id = 9", "spikes 12-30 to 01-02", "sold_on"),
        ("update readings set called_at = '2024-05-05 00:30' where id < 40", "seasonality hour", "called_at"),
        ("update readings set called_at = called_at + interval 1 day", "spikes 05-01", "called_at"),
    ],
)
def test_the_audit_finds_damage(made, statement, check, column):
    assert (check, column) in find_damage(made, statement)


def series_lab():
    document = shop()
    document["tables"][0]["columns"].append({"name": "base", "data_type": "DECIMAL(6,2)", "max_value": 40})
    waves = [{"period": "1 day", "amplitude": 5, "peak": 0.6}, {"period": "1 hour", "values": [0, 2, 1]}]
    timed = {"within": "sensor_id", "time": "read_at", "step": "1 hour", "level": "sensor_id.base", "waves": waves}
    lined = {"within": "sensor_id", "trend": 0.5, "waves": [{"period": 12, "amplitude": 2}]}
    document["tables"][1]["columns"] = [
        *document["tables"][1]["columns"][:3],
        {"name": "line_no", "data_type": "INT", "line_number_of": "sensor_id"},
        {"name": "plain", "data_type": "DOUBLE", "series": timed},
        {"name": "noisy", "data_type": "DOUBLE", "series": {**lined, "noise": 0.5}},
        {"name": "strayed", "data_type": "DECIMAL(9,3)", "series": {**timed, "ar": {"coefficient": 0.9, "stddev": 2}}},
        {"name": "walked", "data_type": "REAL", "series": {**timed, "walk": 1, "trend": 3}},
        {"name": "held", "data_type": "INT", "series": {**lined, "noise": 20}, "min_value": 0, "max_value": 9},
    ]
    return document


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    with engine.Workbench(tmp_path_factory.mktemp("series")) as workbench:
        experiment = workbench.create(series_lab())
        experiment.generate(seed=3)
        yield experiment


def test_series_pass(measured):
    audit = measured.audit()
    assert audit.passed, audit.failures
    assert not audit.not_proved
    proved = {finding.column for finding in audit.findings if finding.check == "series"}
    assert proved == {"plain", "noisy", "strayed", "walked", "held"}
    assert ("series noise", "noisy") in {(finding.check, finding.column) for finding in audit.findings}


@pytest.mark.parametrize(
    ("statement", "check", "column"),
    [
        ("update readings set plain = plain + 0.001 where line_no = 7", "series", "plain"),
        ("update sensors set base = base + 0.01", "series", "plain"),
        ("update readings set noisy = noisy + 9 where line_no = 3", "series", "noisy"),
        ("update readings set noisy = noisy + 0.3", "series noise", "noisy"),
        ("update readings set strayed = strayed - 40 where line_no = 3", "series", "strayed"),
        ("update readings set walked = walked + 9 where line_no = 1", "series", "walked"),
        ("update readings set walked = walked + 200 where line_no = 50", "series", "walked"),
    ],
)
def test_the_audit_finds_damaged_series(measured, statement, check, column):
    assert (check, column) in find_damage(measured, statement)


def test_what_hidden_columns_would_prove_is_listed(tmp_path):
    document = shop()
    document["tables"][0]["columns"][1]["hidden"] = True
    document["tables"][1]["columns"][1]["hidden"] = True
    with engine.Workbench(tmp_path) as workbench:
        experiment = workbench.create(document)
        experiment.generate(seed=3)
        audit = experiment.audit()
    assert audit.passed, audit.failures
    assert {finding.column for finding in audit.not_proved} >= {"read_at", "checked_on"}
