"""The quick loop, `-m "not slow"`, leaves out nothing by mistake and covers each room of the engine and the app."""

from pathlib import Path

import pytest

from tests.conftest import LONGEST, SLOW, TESTS, is_slow

ROOMS = sorted(
    path
    for package in ("engine", "app")
    for path in (TESTS / package).rglob("*")
    if path.is_dir() and list(path.glob("test_*.py"))
)


def test_what_is_called_slow_is_there():
    assert [name for name in (*SLOW, *LONGEST) if not (TESTS / name).exists()] == []


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.relative_to(TESTS).as_posix())
def test_each_room_has_quick_tests(room: Path):
    assert any(not is_slow(path) for path in room.glob("test_*.py"))
