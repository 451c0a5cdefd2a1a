"""Many processes on one home folder: readers never fail, and of several changes exactly one is made."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.scale import scaled
from tests.faults.worker import SHOP, opened, quietly

ROOT = Path(__file__).resolve().parents[2]
SQL = "select count(*), coalesce(sum(order_id), 0), (select count(*) from customers) from orders"

READER = f"""
import sys
from pathlib import Path
from tests.faults.worker import opened
with opened(Path(sys.argv[1])) as workbench:
    shop = workbench["shop"]
    print("ready", flush=True)
    while not Path(sys.argv[2]).exists():
        print(*shop.query({SQL!r}).records()[0], flush=True)
"""

CHANGER = """
import os
import sys
import time
from pathlib import Path
from engine.errors import ConflictError, NotFoundError
from tests.faults.worker import SHOP, opened, quietly

def until_all_have_tried(home):
    end = time.monotonic() + 60
    while len(list(Path(home).parent.glob("refused-*"))) < 7 and time.monotonic() < end:
        time.sleep(0.02)

print("ready", flush=True)
for line in sys.stdin:
    home, action = line.split()
    with opened(Path(home)) as workbench:
        wait = lambda _progress: until_all_have_tried(home)
        acts = {
            "create": lambda: workbench.create(SHOP, name="fresh"),
            "delete": lambda: workbench.delete("shop"),
            "load": lambda: workbench["shop"].load(),
            "reset": lambda: workbench["shop"].reset(),
            "generate": lambda: workbench["shop"].generate(seed=9, progress=quietly),
            "generate_slowly": lambda: workbench["shop"].generate(seed=9, progress=wait),
        }
        print("ready", flush=True)
        sys.stdin.readline()
        try:
            acts[action]()
            print("won", flush=True)
        except (ConflictError, NotFoundError) as error:
            (Path(home).parent / f"refused-{os.getpid()}").touch()
            print(type(error).__name__, error, flush=True)
"""


def started(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def told(process, line):
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def ready(process):
    line = process.stdout.readline()
    assert line == "ready\n", process.stderr.read()


@pytest.fixture(scope="module")
def changers():
    """Eight processes that wait for something to do."""
    processes = [started(CHANGER) for _ in range(8)]
    for process in processes:
        ready(process)
    yield processes
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, "")


@pytest.fixture
def race(home, changers):
    """Let the processes make these changes at the same moment; return what each says."""

    def raced(*actions):
        racing = list(zip(changers, actions, strict=False))
        for process, action in racing:
            told(process, f"{home} {action}")
        for process, _ in racing:
            ready(process)
        for process, _ in racing:
            told(process, "")
        return [process.stdout.readline().strip() for process, _ in racing]

    return raced


@pytest.fixture
def home(tmp_path):
    with opened(tmp_path / "home") as workbench:
        workbench.create(SHOP).generate(seed=1, progress=quietly)
    return tmp_path / "home"


def test_a_reader_through_loads_and_resets(home, tmp_path):
    is_over = tmp_path / "over"
    with opened(home) as workbench:
        shop = workbench["shop"]
        shop.generate({"orders": 500, "customers": 7}, seed=2, progress=quietly)
        states = set()
        for run_id in (1, 2):
            shop.load(run_id)
            states.add(shop.query(SQL).records()[0])
        shop.reset()
        states.add(shop.query(SQL).records()[0])
        assert len(states) == 3
        readers = [started(READER, home, is_over) for _ in range(2)]
        for reader in readers:
            ready(reader)
        for number in range(scaled(20, 8)):
            shop.load(1 + number % 2)
            shop.reset()
        time.sleep(0.1)
        is_over.touch()
        answers = []
        for reader in readers:
            out, errors = reader.communicate(timeout=120)
            assert errors == ""
            answers += [tuple(map(int, line.split())) for line in out.splitlines()]
    assert len(answers) > 20
    assert set(answers) <= states
    assert len(set(answers)) >= 2


def test_of_eight_changes_exactly_one_is_made(home, race):
    """The run waits until the others have tried, so that each of them meets whoever was first."""
    answers = race(*["generate_slowly"] * 8)
    assert answers.count("won") == 1, answers
    for answer in answers:
        assert answer == "won" or (answer.startswith("BusyError") and "generating data" in answer), answers
        assert answer == "won" or ("process" in answer and "since" in answer)
    with opened(home) as workbench:
        assert len(workbench["shop"].runs()) == 2
        assert workbench["shop"].audit().passed


def test_eight_different_changes(home, race):
    """Short changes may follow each other; whoever meets another is told, and the state is that of one of them."""
    answers = race("generate", "load", "reset", "generate", "load", "reset", "load", "reset")
    assert "won" in answers
    assert all(answer == "won" or answer.startswith("BusyError") for answer in answers), answers
    with opened(home) as workbench:
        shop = workbench["shop"]
        assert all(run.status == "COMPLETED" for run in shop.runs())
        assert shop.audit().passed
        assert len(list((home / "experiments" / "shop").glob("warehouse-*"))) == 1


@pytest.mark.parametrize("action", ["load", "reset", "delete"])
def test_one_that_holds_the_lock_keeps_seven_out(home, race, action):
    """Whatever the others want while a run goes on, they are told of it, and nothing of theirs is done."""
    with opened(home) as workbench:
        run = workbench["shop"].start(3_000_000, seed=4, load=False)
        answers = race(*[action] * 7)
        workbench["shop"].cancel(run.id)
        workbench._services.jobs.wait(f"shop/{run.id}")
        assert all(answer.startswith("BusyError") and "generating data (run 2)" in answer for answer in answers)
        assert workbench["shop"].loaded_run_id == 1


def test_eight_deletes(home, race):
    answers = race(*["delete"] * 8)
    assert answers.count("won") == 1, answers
    assert all(answer == "won" or answer.startswith(("BusyError", "NotFoundError")) for answer in answers), answers
    assert not (home / "experiments" / "shop").exists()


def test_one_name_is_created_once(home, race):
    answers = race(*["create"] * 8)
    assert answers.count("won") == 1, answers
    assert all(answer == "won" or answer.startswith(("BusyError", "ConflictError")) for answer in answers), answers
    with opened(home) as workbench:
        assert workbench["fresh"].audit().passed


def test_a_run_is_cancelled_from_another_process_before_its_next_chunk(home):
    with opened(home) as workbench, opened(home) as elsewhere:
        run = workbench["shop"].start(3_000_000, seed=4, load=False)
        code = (
            "import sys; from pathlib import Path; from tests.faults.worker import opened\n"
            "with opened(Path(sys.argv[1])) as workbench: print(workbench['shop'].cancel().id)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(home)], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout == f"{run.id}\n"
        assert workbench._services.jobs.wait(f"shop/{run.id}", 120)
        ended = elsewhere["shop"].run(run.id)
        assert ended.status == "ABORTED"
        assert sum(ended.row_counts.values()) < 6_000_000
        assert elsewhere["shop"].cancel(run.id).status == "ABORTED"
