"""Exports by several processes, killed and gone on with: `python -m tests.faults.export_kills 10 local ray spark`.

So many times for each engine the driver is killed at a drawn number of finished files, and so many times a worker. The
export is called again with `resume` until it ends, and must be what one that nobody disturbed has made: the same files
with the same checksums, no finished file made twice, and `_SUCCESS` after all others.
"""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

import engine
from tests.benchmarks.rollups import SCHEMA

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ("local", "ray", "spark")
VICTIMS = ("driver", "worker")
_COUNTS = {"orders": 80_000, "items": 200_000}
_ROWS_PER_FILE = 5_000
_PATIENCE_SECONDS = 120.0
_MAX_RESUMES = 5


@dataclass
class ExportFigures:
    """What was found after the kills of one victim on one engine; all but the first three should be nothing."""

    kills: int = 0
    struck: int = 0
    resumed: int = 0
    made_twice: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    early_ends: int = 0
    other_faults: list[str] = field(default_factory=list)

    @property
    def is_flawless(self) -> bool:
        """Whether nothing was found."""
        return not (self.made_twice or self.differing or self.early_ends or self.other_faults)


class ExportKills:
    """Kills of exports below `folder`, compared with an export by this process alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._home = folder / "home"
        with engine.Workbench(self._home) as workbench:
            workbench.create(SCHEMA)
        export(self._home, folder / "alone", None)
        self._wanted = _checksums(folder / "alone")
        self._parts = sum(name.endswith(".parquet") for name in self._wanted)

    def run(self, on: str, victim: str, count: int) -> ExportFigures:
        """Kill a victim so often; each export is a new one."""
        figures, draw = ExportFigures(), random.Random(f"{on} {victim}")
        for number in range(count):
            target = self._folder / f"{on}-{victim}-{number}"
            self._kill_once(on, victim, target, draw, figures)
            figures.kills += 1
        return figures

    def _kill_once(self, on: str, victim: str, target: Path, draw: random.Random, figures: ExportFigures) -> None:
        least = draw.randrange(1, self._parts)
        process = self._start(on, target)
        while process.poll() is None and len(_parts(target)) < least:
            time.sleep(0.005)
        time.sleep(draw.uniform(0, 0.05))
        kept, is_ended = _parts(target), (target / "_SUCCESS").exists()
        figures.struck += _kill(process, victim) and not is_ended
        resumes = 0
        while _wait(process) != 0 and resumes < _MAX_RESUMES:
            if (target / "_SUCCESS").exists() and not is_ended and victim == "driver":
                is_ended = len(_parts(target)) == self._parts
                figures.early_ends += not is_ended
            resumes += 1
            process = self._start(on, target)
        figures.resumed += resumes > 0
        if process.returncode != 0:
            figures.other_faults.append(f"{target.name} did not end")
            return
        now = _parts(target)
        figures.made_twice += [f"{target.name}: {name}" for name, made in kept.items() if now.get(name) != made]
        found = _checksums(target)
        if found != self._wanted:
            names = sorted(name for name in found | self._wanted if found.get(name) != self._wanted.get(name))
            figures.differing.append(f"{target.name}: {', '.join(names[:5])}")
        last = max(path.stat().st_mtime_ns for path in target.rglob("*") if path.is_file())
        figures.early_ends += (target / "_SUCCESS").stat().st_mtime_ns < last

    def _start(self, on: str, target: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.faults.export_kills", "--export", str(self._home), str(target), on]
        with (self._folder / f"{target.name}.log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)


def export(home: Path, target: Path, on: str | None) -> None:
    """Export by two workers, or go on with the export there."""
    with engine.Workbench(home) as workbench:
        is_begun = target.exists() and any(target.iterdir())
        workbench["sales"].export(
            target,
            on=on,
            workers=None if on is None else 2,
            resume=is_begun,
            rows=_COUNTS,
            seed=5,
            rows_per_file=_ROWS_PER_FILE,
        )


def _kill(driver: subprocess.Popen[bytes], victim: str) -> bool:
    """Kill the driver, or one of the processes that make files; return whether it was there."""
    try:
        process = psutil.Process(driver.pid)
        if victim == "worker":
            workers = [one for one in process.children(recursive=True) if _is_worker(one)]
            if not workers:
                return False
            process = workers[-1]
        process.send_signal(signal.SIGKILL)
    except psutil.NoSuchProcess:
        return False
    return True


def _is_worker(process: psutil.Process) -> bool:
    try:
        line = " ".join(process.cmdline())
    except psutil.Error:
        return False
    return any(name in line for name in ("engine.scale.worker", "ray::", "pyspark.daemon"))


def _wait(process: subprocess.Popen[bytes]) -> int:
    try:
        return process.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _parts(target: Path) -> dict[str, tuple[int, int]]:
    """Return the finished data files, each with what changes when it is made again."""
    found = {}
    for path in target.glob("main/*/part-*.parquet"):
        stat = path.stat()
        found[path.relative_to(target).as_posix()] = (stat.st_ino, stat.st_mtime_ns)
    return found


def _checksums(target: Path) -> dict[str, str]:
    paths = [path for path in target.rglob("*") if path.is_file()]
    return {path.relative_to(target).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def main(arguments: list[str]) -> int:
    """Run the kills that the arguments name, and print what was found."""
    if arguments[:1] == ["--export"]:
        export(Path(arguments[1]), Path(arguments[2]), arguments[3])
        return 0
    count, engines = int(arguments[0]), arguments[1:] or list(ENGINES)
    is_flawless = True
    with tempfile.TemporaryDirectory(prefix="export-kills-", ignore_cleanup_errors=True) as folder:
        kills = ExportKills(Path(folder))
        for on in engines:
            for victim in VICTIMS:
                figures = kills.run(on, victim, count)
                is_flawless &= figures.is_flawless
                print(f"{on}, {victim}: {figures}", flush=True)
    return 0 if is_flawless else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
