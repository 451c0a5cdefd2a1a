from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.system import disk_cache
from engine.system.disk_cache import cached_bytes, code_digest, code_stamp, use_folder


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    use_folder(tmp_path / "cache")
    yield tmp_path / "cache"
    use_folder(None)


def never() -> bytes:
    raise AssertionError("computed again")


def test_a_result_is_computed_once():
    assert cached_bytes("form", "a", lambda: b"1") == b"1"

    assert cached_bytes("form", "a", never) == b"1"


def test_another_key_and_another_kind_have_results_of_their_own():
    cached_bytes("form", "a", lambda: b"1")

    assert cached_bytes("form", "b", lambda: b"2") == b"2"
    assert cached_bytes("curve", "a", lambda: b"3") == b"3"


def test_without_a_folder_nothing_is_stored(folder: Path):
    use_folder(None)

    assert cached_bytes("form", "a", lambda: b"1") == b"1"
    assert cached_bytes("form", "a", lambda: b"2") == b"2"
    assert not folder.exists()


def test_nothing_is_stored_for_no_result(folder: Path):
    assert cached_bytes("form", "a", lambda: None) is None
    assert not folder.exists()


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 100])
def test_a_damaged_file_is_computed_again(folder: Path, damage: bytes):
    cached_bytes("form", "a", lambda: b"1")
    (path,) = folder.iterdir()
    path.write_bytes(damage)

    assert cached_bytes("form", "a", lambda: b"1") == b"1"
    assert cached_bytes("form", "a", never) == b"1"


def test_a_file_under_the_name_of_another_key_is_not_used(folder: Path):
    cached_bytes("form", "a", lambda: b"1")
    (first,) = folder.iterdir()
    cached_bytes("form", "b", lambda: b"2")
    (second,) = set(folder.iterdir()) - {first}
    second.replace(first)

    assert cached_bytes("form", "a", lambda: b"1") == b"1"


def test_a_folder_that_cannot_be_written_costs_only_time(folder: Path):
    folder.write_text("a file in its place")

    assert cached_bytes("form", "a", lambda: b"1") == b"1"
    assert folder.read_text() == "a file in its place"


def test_a_full_cache_drops_its_oldest_files_and_no_others(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(disk_cache, "MAX_FILES", 3)
    monkeypatch.setattr(disk_cache, "_EVICTED", 2)
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    for key in "abcd":
        cached_bytes("form", key, key.encode)

    assert len(list(folder.glob("*.bin"))) == 2
    assert cached_bytes("form", "d", never) == b"d"
    assert (folder / "notes.txt").read_text() == "mine"


def test_the_digest_of_code_differs_by_package():
    assert code_digest("engine.rules.text") != code_digest("engine.rules.values")
    assert code_digest("engine.rules.text") == code_digest("engine.rules.text")


def test_the_stamp_of_code_changes_with_a_file_of_a_subpackage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    inner = tmp_path / "stamped" / "inner"
    inner.mkdir(parents=True)
    for folder in (inner.parent, inner):
        (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    before = code_stamp("stamped")
    code_stamp.cache_clear()
    assert code_stamp("stamped") == before

    (inner / "__init__.py").write_text("x = 1")
    code_stamp.cache_clear()

    assert code_stamp("stamped") != before
