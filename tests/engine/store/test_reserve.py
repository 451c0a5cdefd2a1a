import pytest

from engine.errors import StorageError
from engine.store import reserve
from engine.store.reserve import retry_with_space


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(reserve, "_RETRY_SECONDS", 0.001)


@pytest.mark.parametrize(("failures", "freed"), [(0, 0), (1, 1), (5, 1)])
def test_a_change_is_tried_until_the_freed_space_is_there(failures, freed):
    calls = []

    def change():
        calls.append("change")
        if calls.count("change") <= failures:
            raise StorageError("No space left on device")

    retry_with_space(change, lambda: calls.append("free"))
    assert (calls.count("change"), calls.count("free")) == (failures + 1, freed)
    assert calls[:2] == ["change", "free"][: len(calls[:2])]


def test_a_disk_that_stays_full_and_other_errors_are_told():
    def fill():
        raise StorageError("No space left on device")

    def fail():
        raise StorageError("The catalog is damaged.")

    with pytest.raises(StorageError, match="No space"):
        retry_with_space(fill, lambda: None)
    freed = []
    with pytest.raises(StorageError, match="damaged"):
        retry_with_space(fail, lambda: freed.append(1))
    assert freed == []
