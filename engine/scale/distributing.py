"""The files of an export, made by an executor: a bounded number of tasks at once, lost ones again, any order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any

from engine.errors import GenerationError
from engine.export.object_places import ObjectPlace
from engine.export.part_files import PartOrder
from engine.export.places import Place, StoredObject
from engine.export.request import ExportRequest
from engine.scale.choosing import check_engine, open_executor
from engine.scale.executors import Executor
from engine.scale.making import read_answer
from engine.scale.tasks import PartTask, library_versions, pack
from engine.schema.files import schema_to_json

_ATTEMPTS = 4
_TASKS_OF_WORKER = 2


class DistributedMaker:
    """Makes the files of an export on `on` with a number of workers; what was started ends with the export."""

    def __init__(self, on: Any = "local", workers: int | None = None) -> None:
        check_engine(on, workers)
        self.on, self.workers = on, workers

    def make(
        self, request: ExportRequest, place: Place, orders: Iterable[PartOrder]
    ) -> Iterator[tuple[PartOrder, StoredObject]]:
        """Make the files with their records, and yield each when it is there.

        Raises `GenerationError` for a task whose workers were lost several times, and the first error of a worker.
        """
        orders = list(orders)
        if not orders:
            return
        executor = open_executor(self.on, self.workers)
        schema = schema_to_json(request.schema)
        try:
            yield from _run(executor, ((order, task_of(request, schema, place, order)) for order in orders))
        finally:
            executor.close()


def task_of(request: ExportRequest, schema: str, place: Place, order: PartOrder) -> PartTask:
    """Return the task of one file; `schema` is that of the request as JSON."""
    options = place.options if isinstance(place, ObjectPlace) else None
    return PartTask(
        schema=schema,
        table=order.table,
        seed=request.seed,
        counts=tuple(request.counts.items()),
        number=order.number,
        first_row=order.first_row,
        rows=order.rows,
        url=place.url,
        name=order.name,
        format=order.form.name,
        target=order.form.target,
        codec=order.form.codec,
        batch=order.batch,
        endpoint=options.endpoint if options else "",
        retries=options.retries if options else 0,
    )


def _run(executor: Executor, tasks: Iterator[tuple[PartOrder, PartTask]]) -> Iterator[tuple[PartOrder, StoredObject]]:
    versions = library_versions()
    running: dict[Future[str], tuple[PartOrder, PartTask, int]] = {}

    def start(order: PartOrder, task: PartTask, attempt: int) -> None:
        running[executor.submit(pack(task, versions))] = (order, task, attempt)

    while True:
        while len(running) < executor.workers * _TASKS_OF_WORKER and (following := next(tasks, None)) is not None:
            start(*following, 1)
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            order, task, attempt = running.pop(future)
            lost = future.exception()
            if lost is None:
                record = read_answer(future.result())
                yield order, StoredObject(record.name, record.size_bytes, record.sha256)
            elif attempt < _ATTEMPTS:
                start(order, task, attempt + 1)
            else:
                raise GenerationError(
                    f"The workers of one file were lost {_ATTEMPTS} times. The last: {str(lost)[:500]}",
                    where=order.name,
                    hint="Look into their memory and logs, then resume.",
                ) from lost
