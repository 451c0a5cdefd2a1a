"""Damaged queries: reading, mining, fitting and running them gives documented states, never an exception."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import get_args

import pytest

import engine
from engine.review.sources import read_source
from engine.schema.models import ExperimentSchema
from engine.workload.fitting import fit_schema
from engine.workload.mining import mine_workload
from engine.workload.reading import read_statements
from engine.workload.records import CoverageState, StatementState
from engine.workload.sources import read_sources
from tests.engine.workload.mutations import mutate
from tests.engine.workload.workload_inputs import WORKLOADS, WorkloadInput
from tests.faults.scale import scaled

_COUNT = scaled(2001, 60)
_TOGETHER = 100
"""The queries that are fitted together."""
_SEED = 20240229


def mutated(workload: WorkloadInput, count: int) -> Iterator[tuple[str, str]]:
    """Yield damaged statements of a workload with their names."""
    dialect = workload.dialect
    texts = [file.text for file in read_sources(workload.folder)]
    if workload.queries != "project":
        texts = [each.text for each in read_statements(workload.folder, dialect)]
    random = Random(f"{_SEED} {workload.name}")
    for number in range(count):
        yield f"m{number:04}.sql", mutate(random.choice(texts), random)


def _few_rows(schema: ExperimentSchema) -> dict[str, int]:
    return dict.fromkeys((table.key for table in schema.tables), 30)


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda each: each.name)
def test_damaged_queries_have_documented_states(workload: WorkloadInput, tmp_path: Path) -> None:
    schema = workload.schema()
    tables = [table.key for table in schema.tables]
    found: Counter[str] = Counter()
    with engine.Workbench(tmp_path / "home") as workbench:
        experiment = workbench.create(schema)
        experiment.generate(rows=30, seed=1)
        mutations = list(mutated(workload, _COUNT // len(WORKLOADS)))
        for start in range(0, len(mutations), _TOGETHER):
            files = dict(mutations[start : start + _TOGETHER])
            statements = read_statements(files, workload.dialect, tables=tables)
            assert {each.state for each in statements} <= set(get_args(StatementState))
            fitted = fit_schema(schema, mine_workload(schema, statements, workload.dialect), _few_rows)
            read_source(fitted.schema)
            for each in experiment.coverage(files, timeout_seconds=5, shares=False).statements:
                found[each.state] += 1
                assert each.state in get_args(CoverageState)
                assert each.reason or each.state in ("finds rows", "empty", "only the empty-input row"), each
    assert sum(found.values()) >= _COUNT // len(WORKLOADS) // 2
