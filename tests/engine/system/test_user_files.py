"""Files at a place that the user names: whole or not at all, with errors that say what to do."""

import pytest

from engine.errors import WorkbenchError
from engine.system.user_files import check_target, write_user_file


def test_a_file_appears_whole(tmp_path):
    target = check_target(tmp_path / "made.txt")
    with write_user_file(target) as unfinished:
        unfinished.write_text("whole")
        assert not target.exists()
    assert [each.name for each in tmp_path.iterdir()] == ["made.txt"] and target.read_text() == "whole"


def test_an_error_leaves_the_old_file(tmp_path):
    target = tmp_path / "made.txt"
    target.write_text("old")
    refused = pytest.raises(WorkbenchError, match="The file cannot be written: No space left")
    with refused as caught, write_user_file(target) as unfinished:
        unfinished.write_text("new")
        raise OSError(28, "No space left")
    assert caught.value.hint
    assert [each.name for each in tmp_path.iterdir()] == ["made.txt"] and target.read_text() == "old"


def test_a_folder_or_a_missing_one_is_refused(tmp_path):
    with pytest.raises(WorkbenchError, match="This is a folder"):
        check_target(tmp_path)
    with pytest.raises(WorkbenchError, match="There is no folder"):
        check_target(tmp_path / "missing" / "made.txt")
