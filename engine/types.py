"""The records that methods of `Workbench`, `Experiment` and `QueryResult` take and return, for annotations.

Each is imported when first used, as the names of `engine` are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.errors import Problem
    from engine.generation.estimates import Estimate
    from engine.queries.saved_queries import ExperimentQueries
    from engine.review.review import Review
    from engine.runs.loading import LoadResult
    from engine.store.query_rows import PastQuery, SavedQuery
    from engine.store.records import DamagedExperiment
    from engine.store.recovery import LostExperiment, Recovery
    from engine.warehouse.audit.audit import Finding
    from engine.warehouse.profiling.profile_records import ColumnProfile, Profile
    from engine.warehouse.querying.result import ResultColumn

__all__ = [
    "ColumnProfile",
    "DamagedExperiment",
    "Estimate",
    "ExperimentQueries",
    "Finding",
    "LoadResult",
    "LostExperiment",
    "PastQuery",
    "Problem",
    "Profile",
    "Recovery",
    "ResultColumn",
    "Review",
    "SavedQuery",
]

_HOMES = {
    "ColumnProfile": "engine.warehouse.profiling.profile_records",
    "DamagedExperiment": "engine.store.records",
    "Estimate": "engine.generation.estimates",
    "ExperimentQueries": "engine.queries.saved_queries",
    "Finding": "engine.warehouse.audit.audit",
    "LoadResult": "engine.runs.loading",
    "LostExperiment": "engine.store.recovery",
    "PastQuery": "engine.store.query_rows",
    "Problem": "engine.errors",
    "Profile": "engine.warehouse.profiling.profile_records",
    "Recovery": "engine.store.recovery",
    "ResultColumn": "engine.warehouse.querying.result",
    "Review": "engine.review.review",
    "SavedQuery": "engine.store.query_rows",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'engine.types' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
