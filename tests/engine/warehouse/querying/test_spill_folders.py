"""The folders of spilled data."""

import os
import subprocess
import sys

import pytest

from engine.settings import Settings
from engine.warehouse.querying.execution import open_session, run_query
from engine.warehouse.querying.spill_folders import spill_folder, sweep_spill_folders


def setting(session):
    [(folder,)] = session.connection.execute("select current_setting('temp_directory')").fetchall()
    return folder


def test_each_session_has_its_own_folder_and_removes_it(tmp_path):
    settings = Settings(home=tmp_path, query_memory_mb=64, threads=1)
    (tmp_path / "other.csv").write_text("a")
    with (
        open_session([], current=None, settings=settings, temp_dir=tmp_path) as session,
        open_session([], current=None, settings=settings, temp_dir=tmp_path) as other,
    ):
        assert setting(session) != setting(other)
        files = session.connection.execute(f"from glob('{setting(session)}/*')").fetchall()
        assert files == []
        with pytest.raises(Exception, match="ermission"):
            session.connection.execute(f"from read_text('{tmp_path}/other.csv')")
        run_query(
            session, "select count(*) from (select range as a, md5(range::varchar) from range(900000) order by 2)"
        )
    assert [path.name for path in tmp_path.iterdir()] == ["other.csv"]


def test_only_folders_of_dead_processes_under_our_own_names_are_swept(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    own = spill_folder(tmp_path)
    dead = tmp_path / own.name.replace(str(os.getpid()), str(process.pid))
    mine = [own, tmp_path / ".spill-notes.tmp", tmp_path / f".spill-{process.pid}-mine.tmp", tmp_path / "notes"]
    for folder in (dead, *mine):
        folder.mkdir()
    sweep_spill_folders(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted(mine)
