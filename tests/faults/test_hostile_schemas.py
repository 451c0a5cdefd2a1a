"""Small schemas with huge effects: each ends in an answer within 10 s of CPU and 4 GB, and no client waits for it."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import engine
from app.api import create_api
from tests.faults.hostile_schemas import CASES
from tests.faults.scale import IS_FULL

_EVERY = 1 if IS_FULL else 32
_GROUPS = 4 if IS_FULL else 1
# Ended by the system before their limits were stated.
_WORST = [
    "min_value: a huge exponent",
    "values: a huge exponent",
    "a lone surrogate",
    "distribution hypergeom of BIGINT",
    "distribution nct of DOUBLE",
    "a fan-out to a billion",
    "faker tar",
    "many keys",
]


def sample(group: int) -> list[str]:
    chosen = [name for number, name in enumerate(CASES) if number % _EVERY == 0]
    return list(dict.fromkeys([*chosen, *_WORST]))[group::_GROUPS]


def test_there_are_hundreds_of_them():
    assert len(CASES) >= 100


@pytest.mark.parametrize("group", range(_GROUPS))
def test_every_schema_ends_in_an_answer(group: int, project: Path, tmp_path: Path):
    asked = sample(group)

    worker = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.faults.hostile_worker", str(tmp_path)],
        input="\n".join(asked),
        capture_output=True,
        text=True,
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project), "POLARS_MAX_THREADS": "1"},
        timeout=3000,
        check=False,
    )

    answers = [json.loads(line) for line in worker.stdout.splitlines()]
    assert [answer["name"] for answer in answers] == asked, worker.stderr[-2000:]
    assert [answer for answer in answers if answer["code"] or answer["answer"].startswith("raised")] == []


def test_another_client_gets_responses_while_hostile_schemas_are_checked(workbench: engine.Workbench):
    bodies = [CASES[name]() for name in ("a key twice at the end", "nested objects")]
    texts = [body if isinstance(body, str) else json.dumps(body) for body in bodies] * 4
    with TestClient(create_api(workbench)) as client, ThreadPoolExecutor(1) as other:

        def post_all() -> list[int]:
            headers = {"content-type": "application/json"}
            return [client.post("/experiments", content=text, headers=headers).status_code for text in texts]

        posting, answered = other.submit(post_all), 0
        while not posting.done():
            assert client.get("/experiments").json()["experiments"] == []
            answered += not posting.done()

        assert posting.result() == [422] * len(texts)
        assert answered


@pytest.fixture
def workbench(home: Path):
    with engine.Workbench(home) as opened:
        yield opened
