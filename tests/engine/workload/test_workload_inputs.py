"""Workloads of other kinds, fitted: a dbt project, dashboards, and queries over documents find rows."""

from pathlib import Path

import pytest

import engine
from engine.workload.reading import read_statements
from tests.engine.workload.workload_inputs import DASHBOARDS, SUBSCRIPTIONS, TELEMETRY, WORKLOADS, WorkloadInput


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda each: each.name)
def test_all_statements_are_read(workload: WorkloadInput) -> None:
    tables = [table.key for table in workload.schema().tables]

    statements = read_statements(workload.folder, workload.dialect, tables=tables)

    assert [(each.name, each.reason) for each in statements if each.state != "runs"] == []
    assert (
        len(statements)
        == {"subscriptions_dbt": 16, "dashboards_redshift": 24, "telemetry_snowflake": 20}[workload.name]
    )


@pytest.mark.parametrize(
    ("workload", "least"),
    [(SUBSCRIPTIONS, 8), (DASHBOARDS, 8), (TELEMETRY, 11)],
    ids=lambda each: getattr(each, "name", ""),
)
def test_fitted_statements_find_rows(workload: WorkloadInput, least: int, tmp_path: Path) -> None:
    with engine.Workbench(tmp_path / "home") as workbench:
        experiment = workbench.create(workload.schema())

        fitted = experiment.fit(workload.folder, total_rows=4000, rounds=0, dry_run=True)

    assert fitted.audit_failures == 0
    assert fitted.found_after >= least
