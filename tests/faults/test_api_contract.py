"""The API against its own description: random requests, zero failures of the server, zero answers out of schema.

Schemathesis makes the requests, valid ones and broken ones, and checks the answers. Its own way of making tests does
not go with this pytest, so its strategies are handed to Hypothesis here.
"""

from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import engine
from app.api import create_api
from engine.settings import Settings
from tests.engine.conftest import SHOP
from tests.faults.scale import scaled

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
REQUESTS_OF_EACH_KIND = scaled(70, 8)
REQUESTS_WITH_A_SCHEMA = scaled(70, 4)  # making one takes seconds
LEAST_REQUESTS = scaled(1000, 120)
METHODS = ("get", "post", "put", "patch", "delete")
sent: Counter[int] = Counter()


@pytest.fixture(scope="module", autouse=True)
def small_disk():
    """Let the estimate see a small disk, so that no request fills the real one: it refuses larger runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.generation.estimates.free_bytes", lambda folder: 200_000)
        yield


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    where = Settings(home=tmp_path_factory.mktemp("contract"), threads=1, query_timeout_seconds=2)
    with engine.Workbench(settings=where) as workbench:
        shop = workbench.create(SHOP)
        shop.generate(seed=1, progress=lambda progress: None)
        yield schemathesis.openapi.from_asgi("/openapi.json", create_api(workbench))


def operations():
    """The routes, and whether a request to them can be broken otherwise than by a name that is not there."""
    paths = create_api(engine.Workbench.__new__(engine.Workbench)).openapi()["paths"]
    for path, item in paths.items():
        for method in METHODS:
            if method in item:
                yield method, path, GenerationMode.POSITIVE
                if "requestBody" in item[method] or any(map(can_be_broken, item[method].get("parameters", ()))):
                    yield method, path, GenerationMode.NEGATIVE


def can_be_broken(parameter: dict[str, Any]) -> bool:
    """Whether a value can break the parameter's description: any text in a path is a name, which may not be there."""
    return parameter["schema"].get("type") != "string" or parameter["in"] != "path"


@pytest.mark.parametrize(("method", "path", "mode"), list(operations()))
def test_a_route_answers_as_it_is_described(api, method, path, mode):
    operation = api[path][method.upper()]
    numbered = iter(range(10**9))
    requests = REQUESTS_WITH_A_SCHEMA if (method, path) == ("post", "/experiments") else REQUESTS_OF_EACH_KIND

    @seed(5)
    @settings(max_examples=requests, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        if "name" in (case.path_parameters or {}) and next(numbered) % 3 and method != "delete":
            case.path_parameters["name"] = "shop"  # one that is there
            if method == "patch" and isinstance(case.body, dict):
                case.body.pop("name", None)  # and stays
        answer = case.call()
        sent[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    ask()


def test_there_were_enough_requests():
    print(f"{sum(sent.values()):,} requests: {dict(sorted(sent.items()))}")
    assert sum(sent.values()) >= LEAST_REQUESTS
    assert not [status for status in sent if status >= 500]
    assert sent[200] > LEAST_REQUESTS // 10
