"""Every conformance case: the rows of the vendor's documentation, or an error with its position."""

from collections.abc import Iterator

import pytest

from engine.warehouse.querying.session import Session
from tests.conformance.running import OWN, Case, open_sessions, read_cases, run_case

CASES = read_cases(OWN)


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Session]]:
    with open_sessions(tmp_path_factory.mktemp("conformance")) as opened:
        yield opened


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_result_is_the_warehouses(case: Case, sessions: dict[str, Session]) -> None:
    outcome = run_case(case, sessions[case.dialect])
    expected = case.refused or case.expected
    assert outcome.is_passed, f"{case.query}\nexpected {expected}\nfound    {outcome.found}\nran      {outcome.sql}"


def test_there_are_enough_cases_of_each_dialect() -> None:
    own = read_cases(OWN)
    assert {dialect: sum(case.dialect == dialect for case in own) > 300 for dialect in ("redshift", "snowflake")} == {
        "redshift": True,
        "snowflake": True,
    }
