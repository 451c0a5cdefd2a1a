from pathlib import Path

import pytest

from engine.errors import WorkbenchError
from engine.settings import Settings
from engine.warehouse.querying.limits import Limits

SETTINGS = Settings(home=Path("home"), query_timeout_seconds=300, query_memory_mb=2048)


def test_limits_default_to_the_settings():
    assert Limits().within(SETTINGS) == SETTINGS
    assert Limits(2.5, 100).within(SETTINGS) == Settings(
        home=Path("home"), query_timeout_seconds=2.5, query_memory_mb=100
    )


@pytest.mark.parametrize("limits", [Limits(0), Limits(-1.0), Limits(float("nan")), Limits(None, 63), Limits(1, -5)])
def test_an_invalid_limit_is_refused(limits):
    with pytest.raises(WorkbenchError, match=r"is not a valid (time|memory) limit") as caught:
        limits.within(SETTINGS)
    assert caught.value.hint
