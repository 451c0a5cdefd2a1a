"""The audit proves tables of events from the loaded rows, and sees damage."""

import pytest

import engine
from tests.engine.rules.relations.test_events import logged, logged_by_two_columns
from tests.engine.warehouse.audit.damage import find_damage

CHECKS = ("event_ways", "event_status", "event_shares", "event_order", "event_gap", "event_at")


@pytest.fixture(scope="module", params=["TIMESTAMP", "DATE"])
def made(tmp_path_factory, request):
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        gaps = {"*": ["1d", "3d"]} if request.param == "DATE" else {"paid": ["5m", "2d"]}
        experiment = workbench.create(logged(kind=request.param, gaps=gaps))
        experiment.generate(seed=3)
        yield experiment


def test_generated_data_passes(made):
    audit = made.audit()
    assert audit.passed, audit.failures
    assert not audit.not_proved
    assert {finding.check for finding in audit.findings} >= set(CHECKS)


def test_data_up_to_a_day_passes(tmp_path):
    columns = {"changed_at": {"data_type": "TIMESTAMPTZ", "required": False}, "step": None}
    with engine.Workbench(tmp_path) as workbench:
        experiment = workbench.create(logged(until="2024-05-01T12:00:00", kind="TIMESTAMPTZ", columns=columns))
        experiment.generate(seed=3)
        audit = experiment.audit()
        assert audit.passed, audit.failures
        assert {finding.check for finding in audit.findings} >= set(CHECKS)
        sooner = "update events set changed_at = '2024-04-30' where changed_at is null"
        assert {"event_status", "event_at"} <= {check for check, _ in find_damage(experiment, sooner)}


def test_events_of_a_key_of_two_columns_pass(tmp_path):
    with engine.Workbench(tmp_path) as workbench:
        experiment = workbench.create(logged_by_two_columns())
        experiment.generate(seed=3)
        audit = experiment.audit()
        assert audit.passed, audit.failures
        assert {finding.check for finding in audit.findings} >= set(CHECKS)
        one = "delete from events where (shop_id, order_id) in (select (shop, id) from orders order by all limit 1)"
        found = {check for check, _ in find_damage(experiment, one)}
        assert {"event_ways", "event_status", "event_shares"} <= found


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("update events set state = 'lost' where order_id = 4 and step = 1", {"event_ways", "event_shares"}),
        ("update events set state = 'cancelled' where state = 'delivered'", {"event_ways", "event_status"}),
        ("delete from events where state = 'paid' and order_id < 50", {"event_ways", "event_shares", "row_count"}),
        ("delete from events where order_id = 7", {"event_ways", "event_status", "event_shares"}),
        ("update orders set status = 'paid' where id = 3", {"event_status"}),
        ("update events set changed_at = '2024-01-01' where state = 'shipped'", {"event_order", "event_at"}),
        ("update events set changed_at = changed_at + interval 30 day where state = 'delivered'", {"event_gap"}),
        ("update orders set paid_at = paid_at + interval 1 day", {"event_at"}),
    ],
)
def test_the_audit_finds_damage(made, statement, found):
    assert found <= {check for check, _ in find_damage(made, statement)}


def test_hidden_columns_are_told(tmp_path):
    columns = {"state": {"data_type": "VARCHAR(12)", "hidden": True}}
    with engine.Workbench(tmp_path) as workbench:
        experiment = workbench.create(logged(rows=50, columns=columns))
        experiment.generate(seed=3)
        audit = experiment.audit()
        assert audit.passed, audit.failures
        assert [(finding.column, finding.found) for finding in audit.not_proved] == [("state", "state is hidden")]
