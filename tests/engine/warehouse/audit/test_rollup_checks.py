"""The audit proves roll-ups from the loaded rows, and sees each kind of damage."""

import pytest

import engine
from tests.engine.rules.relations.shops import rollup, shop
from tests.engine.warehouse.audit.damage import damaged

ROLLUPS = [
    rollup("total", sum="amount"),
    rollup("back", sum="amount", where="is_back and order_id.id > 3"),
    rollup("n", "INT", count=True),
    rollup("low", "DECIMAL(9,3)", min="amount", required=False),
    rollup("high", max="amount", required=False),
    rollup("mean", "DECIMAL(9,3)", avg="amount", required=False),
    rollup("rounded", "INT", avg="amount", required=False),
    rollup("heaviest", "DOUBLE", max="weight", required=False),
    rollup("kinds", "INT", count_distinct="kind"),
    rollup("some_back", "BOOLEAN", any="is_back"),
    rollup("all_heavy", "BOOLEAN", all="weight > 30"),
    rollup("small", "INT", count=True, where="upper(kind) = 'A'"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    data = shop(*ROLLUPS)
    data["tables"][0]["columns"].append(rollup("value", of="orders.customer_id", sum="total"))
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        experiment = workbench.create(data)
        experiment.generate(seed=3)
        yield experiment


def test_generated_data_passes(made):
    audit = made.audit()
    assert audit.passed, audit.failures
    assert not audit.not_proved
    proved = {finding.column for finding in audit.findings if finding.check == "rollup"}
    assert proved == {"value", *(column["name"] for column in ROLLUPS)}


@pytest.mark.parametrize(
    ("statement", "columns"),
    [
        ("update items set amount = amount + 1 where id = 5", {"total", "mean"}),
        ("delete from items where order_id = (select order_id from items limit 1)", {"total", "n", "low", "kinds"}),
        ("update orders set total = total + 0.01 where id = 9", {"total", "value"}),
        ("update orders set mean = mean + 0.001 where id = (select min(order_id) from items)", {"mean"}),
        ("update orders set rounded = rounded + 1 where id = (select min(order_id) from items)", {"rounded"}),
        ("update orders set low = null", {"low"}),
        ("update orders set high = 0 where high is null", {"high"}),
        ("update orders set some_back = not some_back where id = 1", {"some_back"}),
        ("update orders set all_heavy = not all_heavy where id = 1", {"all_heavy"}),
        ("update orders set small = small + 1 where id = 1", {"small"}),
        ("update items set kind = 'b'", {"kinds", "small"}),
        ("update items set weight = 1e6 where id = 5", {"heaviest"}),
        ("update customers set value = 0 where value <> 0", {"value"}),
    ],
)
def test_the_audit_finds_damage(made, statement, columns):
    with damaged(made, statement) as audit:
        failed = [finding for finding in audit.failures if finding.check == "rollup"]
        shown = [len(made.query(finding.failing_sql).frame) for finding in failed]
    assert columns <= {finding.column for finding in failed}
    assert all(shown)
