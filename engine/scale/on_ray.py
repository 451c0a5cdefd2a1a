"""Ray: each task is one of Ray's own, on one processor; Ray's workers keep what they compiled."""

from __future__ import annotations

import time
from concurrent.futures import Future
from typing import Any

from engine.errors import StorageError
from engine.scale.executors import processors, shipped_task

_STARTS = 3
_TRIES_OF_TASK = 3


class RayExecutor:
    """A cluster of Ray: `ray` is the session of this process, or else a new one on this machine."""

    def __init__(self, on: str, workers: int | None) -> None:
        import ray

        self._ray: Any = ray
        self._is_own = not ray.is_initialized()
        if self._is_own:
            self._start(on, workers)
        cluster = int(ray.cluster_resources().get("CPU", 1))
        self.workers = min(workers, cluster) if workers else cluster
        threads = {"env_vars": {"POLARS_MAX_THREADS": "1"}}
        self._task = ray.remote(num_cpus=1, max_retries=_TRIES_OF_TASK, runtime_env=threads)(shipped_task())
        self._running: dict[Future[str], Any] = {}

    def _start(self, on: str, workers: int | None) -> None:
        local = {"num_cpus": workers or processors(), "include_dashboard": False}
        where = local if on == "ray" else {"address": on}
        for attempt in range(1, _STARTS + 1):  # its start has time limits, which a busy machine exceeds
            try:
                self._ray.init(**where, logging_level="error", log_to_driver=False)
                return
            except (RuntimeError, ConnectionError, OSError, TimeoutError, ValueError) as error:
                self._ray.shutdown()
                if attempt == _STARTS:
                    raise StorageError(
                        f"Ray did not start: {str(error)[:300]}", where=on, hint="Check its address and logs."
                    ) from error
                time.sleep(attempt)

    def submit(self, packed: str) -> Future[str]:
        """Give a task to Ray."""
        reference = self._task.remote(packed)
        future: Future[str] = reference.future()
        self._running[future] = reference
        future.add_done_callback(lambda done: self._running.pop(done, None))
        return future

    def close(self) -> None:
        """Cancel the tasks that are running, and end a session that was started for this export."""
        for reference in list(self._running.values()):
            self._ray.cancel(reference, force=True)
        if self._is_own:
            self._ray.shutdown()
