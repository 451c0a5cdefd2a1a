"""The clock of a library stands still while its providers are traced, also when other threads import modules."""

import gc
import sys
from types import ModuleType

import faker.providers.date_time

from engine.rules.providers.forms.clock import ANCHOR, still_clock


def test_the_library_sees_the_anchor_as_today():
    today = faker.providers.date_time.datetime
    with still_clock("faker"):
        assert faker.providers.date_time.datetime.now() == ANCHOR
    assert faker.providers.date_time.datetime is today


def test_modules_that_are_imported_meanwhile_do_no_harm():
    made = []

    def import_one(_phase: str, _info: dict[str, int]) -> None:
        """Add a module, as an import of another thread does, which can run whenever memory is collected."""
        made.append(f"imported_meanwhile_{len(made)}")
        sys.modules[made[-1]] = ModuleType(made[-1])

    threshold = gc.get_threshold()
    gc.callbacks.append(import_one)
    gc.set_threshold(1)
    try:
        for _ in range(5):
            with still_clock("faker"):
                pass
    finally:
        gc.set_threshold(*threshold)
        gc.callbacks.remove(import_one)
        for name in made:
            del sys.modules[name]
    assert made
