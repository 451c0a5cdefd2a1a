"""What a repair is given, and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.schema.models import ExperimentSchema
from engine.workload.changes import Change
from engine.workload.records import Statement, Workload
from engine.workload.starving import Starving
from engine.workload.trials import FitListener, Trial


@dataclass(frozen=True)
class RepairRequest:
    """What a repair may look at."""

    schema: ExperimentSchema
    workload: Workload
    open: tuple[Statement, ...]
    """The statements that find nothing."""
    trial: Trial
    """The schema's data, loaded."""
    dialect: str
    seed: int
    round: int
    starving: Callable[[Statement], Starving | None]
    """The condition that starves one of the statements."""
    listener: FitListener


Repair = Callable[[RepairRequest], Sequence[Change]]
"""Returns changes that may make statements find rows; those with one `unit` are kept or taken back together."""
