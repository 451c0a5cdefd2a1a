"""The audit proves shares and running totals, and sees damage."""

import pytest

import engine
from tests.engine.rules.relations.shops import bank
from tests.engine.warehouse.audit.damage import find_damage

AROUND = [
    {"name": "before", "data_type": "DECIMAL(9,2)", "required": False, "expression": "account_id.previous.amount"},
    {"name": "opened", "data_type": "DECIMAL(9,2)", "expression": "account_id.first.amount"},
    {"name": "is_end", "data_type": "BOOLEAN", "expression": "account_id.is_last"},
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        experiment = workbench.create(bank(*AROUND))
        experiment.generate(seed=3)
        yield experiment


def test_generated_data_passes(made):
    audit = made.audit()
    assert audit.passed, audit.failures
    assert not audit.not_proved
    proved = {(finding.check, finding.column) for finding in audit.findings}
    expected = {("split_of", "part"), ("split_of", "sized"), ("running", "balance"), ("rollup", "closing")}
    assert proved >= expected | {("expression", one["name"]) for one in AROUND}


@pytest.mark.parametrize(
    ("statement", "check", "column"),
    [
        ("update moves set part = part + 0.01 where id = 4", "split_of", "part"),
        ("update accounts set fee = fee + 1", "split_of", "sized"),
        ("update moves set sized = sized + 1 where id = 4", "split_of", "sized"),
        ("update moves set size = size + 3 where line_no = 1", "split_of", "sized"),
        ("update moves set balance = balance - 0.01 where id = 4", "running", "balance"),
        ("update moves set amount = amount + 1 where line_no = 1", "running", "balance"),
        ("update accounts set opening = 5", "running", "balance"),
        ("update moves set before = 1000 where line_no = 1", "expression", "before"),
        ("update moves set opened = opened + 1 where line_no = 2", "expression", "opened"),
        ("update moves set is_end = not is_end where id = 4", "expression", "is_end"),
    ],
)
def test_the_audit_finds_damage(made, statement, check, column):
    assert (check, column) in find_damage(made, statement)
