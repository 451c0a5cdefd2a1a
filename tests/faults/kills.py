"""Processes killed in the midst of every change, and what was found afterwards: `python -m tests.faults.kills 50`.

Half of the kills come at a drawn share of the time that the change was measured to take, the other half at a drawn
one of its changes of files. The draws are from a fixed seed; which instruction a moment hits differs from one time to
the next, and the promise is that none of them matters.
"""

import random
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

import engine
from engine.errors import CancelledError
from engine.schema.models import ExperimentSchema
from tests.faults.worker import CHANGED, SHOP, FileEvents, act, opened, quietly

ACTIONS = ("generate", "load", "reset", "delete", "create", "resume", "delete-run", "update", "rename")
ROOT = Path(__file__).resolve().parents[2]
LOADED_AFTERWARDS = {"generate": (1, 3), "reset": (1, None), "resume": (1, 2)}
_EVENTS = FileEvents()
Tables = dict[str, pl.DataFrame]


@dataclass
class Figures:
    """What was found after so many kills; all but the first three should be nothing."""

    kills: int = 0
    struck: int = 0  # the others came when the change had just been made
    resumed: int = 0
    lost_rows: int = 0
    stuck_runs: int = 0
    orphan_files: list[str] = field(default_factory=list)
    differing_resumed: int = 0
    other_faults: list[str] = field(default_factory=list)

    @property
    def is_flawless(self) -> bool:
        faults = (self.lost_rows, self.stuck_runs, self.orphan_files, self.differing_resumed, self.other_faults)
        return not any(faults)


class Kills:
    """Kills in copies of one prepared home folder: `shop` with a loaded run 1 and an aborted run 2."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.figures = Figures()
        self._home = folder / "prepared"
        with opened(self._home) as workbench:
            shop = workbench.create(SHOP)
            shop.generate(seed=2, progress=quietly)
            self._second = tables(shop)
            workbench.delete("shop")
            shop = workbench.create(SHOP)
            shop.generate(seed=1, progress=quietly)
            self._first = tables(shop)
            with suppress(CancelledError):
                shop.generate(seed=2, progress=lambda now: now.rows_done > 6000 and shop.cancel(now.run_id))
        self._lengths = {action: self._measured(action) for action in ACTIONS}

    def run(self, count: int) -> Figures:
        """Kill so often, each time on a fresh copy; the next process starts up while the last copy is looked at."""
        draw = random.Random("kills")
        upcoming = self._victim(0, draw)
        for number in range(count):
            victim = upcoming
            self.figures.struck += not victim.ended()
            self.figures.kills += 1
            if number + 1 < count:
                upcoming = self._victim(number + 1, draw)
            self._look(victim)
            shutil.rmtree(victim.home)
        return self.figures

    def _measured(self, action: str) -> tuple[float, int]:
        home = self.folder / "measured"
        shutil.copytree(self._home, home)
        with opened(home) as workbench, _EVENTS.counted():
            started = time.perf_counter()
            act(workbench, action)
            seconds = time.perf_counter() - started
        shutil.rmtree(home)
        return seconds, _EVENTS.count

    def _victim(self, number: int, draw: random.Random) -> "Victim":
        home = self.folder / f"home-{number}"
        shutil.copytree(self._home, home)
        action = ACTIONS[number % len(ACTIONS)]
        seconds, events = self._lengths[action]
        if (number % len(ACTIONS) + number // len(ACTIONS)) % 2:
            return Victim(home, action, event=draw.randint(1, events))
        return Victim(home, action, after_seconds=seconds * draw.uniform(0.0, 1.4))

    def _look(self, victim: "Victim") -> None:
        found, action = self.figures, victim.action
        with opened(victim.home) as workbench:
            experiments = {experiment.name: experiment for experiment in workbench.experiments()}
            shop = experiments.get("shop") or (experiments.get("store") if action == "rename" else None)
            if action != "delete" and shop is None:
                found.lost_rows += sum(frame.height for frame in self._first.values())
            for experiment in experiments.values():
                found.stuck_runs += sum(run.status == "RUNNING" for run in experiment.runs())
                if not experiment.audit().passed:
                    found.other_faults.append(f"audit after {victim}")
            if shop is not None:
                self._look_at_rows(shop, victim)
                self._look_at_versions(shop, victim)
            if "other" in experiments and experiments["other"].row_counts() != {"customers": 0, "orders": 0}:
                found.other_faults.append(f"rows after {victim}")
            found.orphan_files += orphans(victim.home, experiments)

    def _look_at_versions(self, shop: engine.Experiment, victim: "Victim") -> None:
        numbers = [each.number for each in shop.versions()]
        if numbers not in ([1], [2, 1] if victim.action == "update" else [1]) or shop.version != numbers[0]:
            self.figures.other_faults.append(f"versions {numbers} after {victim}")
        if shop.version == 2 and shop.version_schema(2) != ExperimentSchema.model_validate(CHANGED):
            self.figures.other_faults.append(f"another version 2 after {victim}")

    def _look_at_rows(self, shop: engine.Experiment, victim: "Victim") -> None:
        loaded = shop.loaded_run_id
        if loaded not in LOADED_AFTERWARDS.get(victim.action, (1,)):
            self.figures.other_faults.append(f"run {loaded} is loaded after {victim}")
        if loaded is None:
            self.figures.other_faults += [f"rows after {victim}"] if any(shop.row_counts().values()) else []
        else:
            self.figures.lost_rows += missing(tables(shop), self._first if loaded == 1 else self._second)
        for run in [run for run in shop.runs() if run.status != "COMPLETED"]:
            self.figures.resumed += 1
            again = shop.resume(run.id, progress=quietly)
            is_same = again.status == "COMPLETED" and missing(tables(shop), self._second) == 0
            shop.load(run.id)  # checks the bytes of every file
            self.figures.differing_resumed += not is_same


class Victim:
    """A process that is ready to change a home folder, and its end: after some seconds or at an event of its own."""

    def __init__(self, home: Path, action: str, *, after_seconds: float | None = None, event: int = 0) -> None:
        self.home = home
        self.action = action
        self._after_seconds = after_seconds
        self._event = event
        command = [sys.executable, "-m", "tests.faults.worker", str(home), action, str(event)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def ended(self) -> bool:
        """Let it act and kill it; returns whether it had come to its end."""
        assert self._process.stdin is not None and self._process.stdout is not None
        if self._process.stdout.readline() != "ready\n":
            raise AssertionError(self._process.communicate()[1])
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        if self._after_seconds is not None:
            time.sleep(self._after_seconds)
            self._process.kill()
        out, errors = self._process.communicate(timeout=120)
        if "Traceback" in errors:
            raise AssertionError(errors)
        return "done" in out

    def __str__(self) -> str:
        moment = f"event {self._event}" if self._after_seconds is None else f"{self._after_seconds:.4f} s"
        return f"{self.action} killed at {moment}"


def tables(experiment: engine.Experiment) -> Tables:
    return {name: experiment.query(f"from {name} order by 1").frame for name in ("customers", "orders")}


def missing(found: Tables, expected: Tables) -> int:
    """Return how many of the expected rows, in order, are not there, and how many are too many."""
    if all(found[name].equals(frame) for name, frame in expected.items()):
        return 0
    return sum(
        frame.join(found[name], on=frame.columns, how="anti").height + max(0, found[name].height - frame.height)
        for name, frame in expected.items()
    )


def orphans(home: Path, experiments: dict[str, engine.Experiment]) -> list[str]:
    """Return what lies in a home folder and belongs to nothing that the catalog knows."""
    left = list((home / "temp").iterdir())
    for folder in (home / "experiments").iterdir():
        experiment = experiments.get(folder.name)
        if experiment is None:
            left.append(folder)
            continue
        left += [path for path in folder.rglob("*") if ".tmp" in path.name or ".spill" in path.name]
        left += sorted(folder.glob("warehouse-*"))[1:]
        known = {str(run.id) for run in experiment.runs()}
        left += [path for path in folder.glob("runs/*") if path.name not in known]
        named = {"experiment.json", "lock", "lock.owner", "runs"}
        if experiment.version > 1:
            named |= {f"schema-{each.number}.json" for each in experiment.versions()}
        left += [path for path in folder.iterdir() if path.name not in named and not path.match("warehouse-*.duckdb")]
    return [str(path.relative_to(home)) for path in left]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        figures = Kills(Path(made)).run(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
    print(figures)
    sys.exit(not figures.is_flawless)
