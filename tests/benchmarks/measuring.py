"""Measurements: each contender in a fresh process, the contenders in turn, round after round."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.jobs import Contender, Job

_ROOT = Path(__file__).parents[2]


@dataclass
class Measured:
    """The rounds of one contender: wall and CPU seconds of the timed work, and the greatest peak memory."""

    contender: Contender
    rows: int = 0
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)
    fault: str = ""

    @property
    def rows_per_second(self) -> float:
        """Rows per second of the best round."""
        return self.rows / min(self.seconds)


@contextmanager
def busy_loops(count: int) -> Iterator[None]:
    """Keep that many processors busy."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def measure(job: Job, rows: int, repeat: int, *, only: Sequence[str], say: Callable[[str], None]) -> list[Measured]:
    """Measure the contenders of a job (`only` those whose names contain one of these texts, and ours)."""
    results = [
        Measured(contender)
        for place, contender in enumerate(job.contenders)
        if place == 0 or not only or any(text.casefold() in contender.name.casefold() for text in only)
    ]
    for turn in range(repeat):
        for result in results:
            if not result.fault:
                say(f"{job.name}, round {turn + 1} of {repeat}: {result.contender.name}")
                _measure_once(job, rows, result)
    return results


def _measure_once(job: Job, rows: int, result: Measured) -> None:
    share = max(1, round(rows * result.contender.share))
    number = str(job.contenders.index(result.contender))
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder, tempfile.TemporaryFile() as errors:
        command = [sys.executable, "-m", "tests.benchmarks.child", job.name, number, str(share), folder]
        with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=errors) as process:
            assert process.stdout is not None
            output = process.stdout.read().decode()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        trace = errors.read().decode().strip()
    if process.returncode != 0 or not output.strip():
        result.fault = (trace or "no output").splitlines()[-1]
        return
    answer = json.loads(output.strip().splitlines()[-1])
    if "unavailable" in answer:
        result.fault = answer["unavailable"]
        return
    if not result.seconds or answer["seconds"] < min(result.seconds):
        result.parts = answer["parts"]
    result.rows = answer["rows"]
    result.seconds.append(answer["seconds"])
    result.cpu_seconds.append(answer["cpu_seconds"])
    result.peak_mb = max(result.peak_mb, peak_mb(usage))


def peak_mb(usage: resource.struct_rusage) -> float:
    """Return the peak memory of a process in MB."""
    return usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
