"""More attempts of queries to get out: in this process, through the worker processes and through the API."""

from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import engine
from app.api import create_api
from engine.errors import QueryError
from engine.warehouse.querying.execution import run_query
from engine.warehouse.querying.request import Question
from tests.faults.escape_queries import HARMLESS, MORE, WAYS_IN
from tests.faults.scale import IS_FULL
from tests.faults.test_escapes import QUERIES, SECRET, files_under, filled, place

__all__ = ["place"]

ATTEMPTS = [*QUERIES, *MORE, *WAYS_IN] if IS_FULL else WAYS_IN


def hidden_in(text: str, sql: str, home: Path) -> list[str]:
    """Return what no answer may name, unless the query named it itself."""
    rest = text.replace(sql, "")
    return [each for each in (SECRET, str(home), str(Path.home()) + "/") if each in rest and each not in sql]


@pytest.fixture(scope="module")
def pooled(place):
    """The same home in a workbench whose queries run in worker processes."""
    workbench, folder = place
    with engine.Workbench(settings=replace(workbench.settings, query_workers=1, query_memory_mb=256)) as pooled:
        yield pooled, folder


def test_no_further_attempt_returns_a_result_or_a_path(place):
    workbench, folder = place
    home = workbench.settings.home
    before = files_under(folder, home / "experiments")
    answered = []
    with workbench._querying._run(workbench._runner.open, Question("select 1"), "shop") as session:
        for attempt in MORE:
            sql = filled(attempt, workbench, folder)
            try:
                found = str(run_query(session, sql).records())
                answered.append(attempt)
            except QueryError as error:
                found = f"{error.message} {error.hint}"
            assert hidden_in(found, sql, home) == [], attempt
    assert answered == []
    assert files_under(folder, home / "experiments") == before


@pytest.mark.parametrize("attempt", HARMLESS)
def test_results_expose_nothing_of_this_machine(place, attempt):
    workbench, folder = place
    sql = filled(attempt, workbench, folder)
    answer = str(workbench.query(sql, experiment="shop").records())
    assert hidden_in(answer, sql, workbench.settings.home) == []


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_worker_processes_are_no_way_out(pooled, attempt):
    workbench, folder = pooled
    sql = filled(attempt, workbench, folder)
    before = files_under(folder, workbench.settings.home / "experiments")
    with pytest.raises(QueryError) as caught:
        workbench.query(sql, experiment="shop")
    assert hidden_in(f"{caught.value.message} {caught.value.hint}", sql, workbench.settings.home) == []
    assert files_under(folder, workbench.settings.home / "experiments") == before


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_api_is_no_way_out(pooled, attempt):
    workbench, folder = pooled
    sql = filled(attempt, workbench, folder)
    client = TestClient(create_api(workbench), raise_server_exceptions=False)
    answer = client.post("/query/execute", json={"sql": sql, "experiment": "shop"})
    assert answer.status_code in (400, 422), answer.text
    body = answer.json()
    assert hidden_in(f"{body['error']} {body.get('hint')}", sql, workbench.settings.home) == []
