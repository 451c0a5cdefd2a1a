"""A process killed in the middle of an append: the run is resumed to the files of an undisturbed one."""

import subprocess
import sys
from pathlib import Path

import engine
from engine.settings import Settings
from tests.engine.runs.test_growing_runs import CHUNK, grown, quietly, shop, whole_parts

ROOT = Path(__file__).resolve().parents[2]
VICTIM = """
import os, signal, sys
import engine
from engine.settings import Settings
from tests.engine.runs.test_growing_runs import CHUNK, grown

def end(now):
    if now.rows_done >= 1800:
        os.kill(os.getpid(), signal.SIGKILL)

settings = Settings(home=sys.argv[1], chunk_rows=CHUNK, threads=1)
with engine.Workbench(settings=settings) as workbench:
    workbench["shop"].generate(grown(4), seed=1, progress=end, load=False)
"""


def test_a_killed_append_is_resumed_to_the_same_files(tmp_path):
    settings = Settings(home=tmp_path / "home", chunk_rows=CHUNK, threads=1)
    with engine.Workbench(settings=settings) as workbench:
        first = workbench.create(shop()).generate(grown(0), seed=1, progress=quietly, load=False)
        before = whole_parts(workbench, first)
    victim = subprocess.run([sys.executable, "-c", VICTIM, str(settings.home)], cwd=ROOT, timeout=60, check=False)
    assert victim.returncode == -9

    with engine.Workbench(settings=settings) as workbench:
        made = workbench["shop"]
        (stopped, _) = made.runs()
        assert (stopped.status, stopped.batches["orders"]) == ("ABORTED", [1000])
        left = whole_parts(workbench, stopped)
        assert left
        done = made.resume(stopped.id, progress=quietly)
        assert done.batches == stopped.batches
        assert left.items() < whole_parts(workbench, done).items()
        assert made.audit().passed
        whole = made.generate(done.requested_rows, seed=1, batches=done.batches, progress=quietly, load=False)
        assert whole_parts(workbench, done) == whole_parts(workbench, whole)
        assert before.items() <= whole_parts(workbench, done).items()
        assert whole_parts(workbench, first) == before
