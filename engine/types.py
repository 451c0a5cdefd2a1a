"""The records that methods of `Workbench`, `Experiment` and `QueryResult` take and return, for annotations.

Each is imported when first used, as the names of `engine` are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.errors import Problem
    from engine.experiment_export import ExportOptions
    from engine.experiment_fitting import WorkloadFit
    from engine.experiment_workload import AppliedChanges
    from engine.export.exporting import Export, ExportEstimate
    from engine.export.jobs import ExportJob
    from engine.export.request import ExportProgress
    from engine.generation.estimates import Estimate
    from engine.queries.board import Board
    from engine.queries.board_cells import BoardCell
    from engine.queries.saved_queries import ExperimentQueries
    from engine.review.column_editor import ColumnEditor, FieldProblem
    from engine.review.drafts import EditorDrafts
    from engine.review.new_columns import COLUMN_TYPES
    from engine.review.review import Review
    from engine.review.rule_catalogue.curves import Curve
    from engine.review.rule_catalogue.records import CatalogueRule, RuleParameter
    from engine.review.structure import NewColumn
    from engine.runs.loading import LoadResult
    from engine.runs.schema_versions import SchemaUpdate
    from engine.schema.differences import Change, ChangeKind, SchemaDiff
    from engine.store.draft_rows import EditorDraft
    from engine.store.query_rows import PastQuery, SavedQuery
    from engine.store.records import DamagedExperiment, PhaseProgress, SchemaVersion
    from engine.store.recovery import LostExperiment, Recovery
    from engine.store.workload_rows import KeptWorkload
    from engine.store.workplace_rows import BoardItem, QueryTab
    from engine.warehouse.audit.audit import Finding
    from engine.warehouse.profiling.profile_records import ColumnProfile, Profile
    from engine.warehouse.querying.plan import PlanStep, QueryPlan
    from engine.warehouse.querying.result import ResultColumn
    from engine.workload.changes import Change as FitChange
    from engine.workload.changes import Dropped
    from engine.workload.coverage_result import Coverage
    from engine.workload.fit_jobs import FitJob
    from engine.workload.fixtures.unit_test import UnitTest
    from engine.workload.records import Statement, StatementCoverage
    from engine.workload.starving import Starving
    from engine.workload.trials import FitProgress

__all__ = [
    "COLUMN_TYPES",
    "AppliedChanges",
    "Board",
    "BoardCell",
    "BoardItem",
    "CatalogueRule",
    "Change",
    "ChangeKind",
    "ColumnEditor",
    "ColumnProfile",
    "Coverage",
    "Curve",
    "DamagedExperiment",
    "Dropped",
    "EditorDraft",
    "EditorDrafts",
    "Estimate",
    "ExperimentQueries",
    "Export",
    "ExportEstimate",
    "ExportJob",
    "ExportOptions",
    "ExportProgress",
    "FieldProblem",
    "Finding",
    "FitChange",
    "FitJob",
    "FitProgress",
    "KeptWorkload",
    "LoadResult",
    "LostExperiment",
    "NewColumn",
    "PastQuery",
    "PhaseProgress",
    "PlanStep",
    "Problem",
    "Profile",
    "QueryPlan",
    "QueryTab",
    "Recovery",
    "ResultColumn",
    "Review",
    "RuleParameter",
    "SavedQuery",
    "SchemaDiff",
    "SchemaUpdate",
    "SchemaVersion",
    "Starving",
    "Statement",
    "StatementCoverage",
    "UnitTest",
    "WorkloadFit",
]

_HOMES = {
    "AppliedChanges": "engine.experiment_workload",
    "Board": "engine.queries.board",
    "BoardCell": "engine.queries.board_cells",
    "BoardItem": "engine.store.workplace_rows",
    "CatalogueRule": "engine.review.rule_catalogue.records",
    "Change": "engine.schema.differences",
    "ChangeKind": "engine.schema.differences",
    "COLUMN_TYPES": "engine.review.new_columns",
    "ColumnEditor": "engine.review.column_editor",
    "ColumnProfile": "engine.warehouse.profiling.profile_records",
    "Coverage": "engine.workload.coverage_result",
    "Curve": "engine.review.rule_catalogue.curves",
    "DamagedExperiment": "engine.store.records",
    "Dropped": "engine.workload.changes",
    "EditorDraft": "engine.store.draft_rows",
    "EditorDrafts": "engine.review.drafts",
    "Estimate": "engine.generation.estimates",
    "ExperimentQueries": "engine.queries.saved_queries",
    "Export": "engine.export.exporting",
    "ExportEstimate": "engine.export.exporting",
    "ExportJob": "engine.export.jobs",
    "ExportOptions": "engine.experiment_export",
    "ExportProgress": "engine.export.request",
    "FieldProblem": "engine.review.column_editor",
    "Finding": "engine.warehouse.audit.audit",
    "FitChange": "engine.workload.changes",
    "FitJob": "engine.workload.fit_jobs",
    "FitProgress": "engine.workload.trials",
    "KeptWorkload": "engine.store.workload_rows",
    "LoadResult": "engine.runs.loading",
    "LostExperiment": "engine.store.recovery",
    "NewColumn": "engine.review.structure",
    "PastQuery": "engine.store.query_rows",
    "PhaseProgress": "engine.store.records",
    "PlanStep": "engine.warehouse.querying.plan",
    "Problem": "engine.errors",
    "Profile": "engine.warehouse.profiling.profile_records",
    "QueryPlan": "engine.warehouse.querying.plan",
    "QueryTab": "engine.store.workplace_rows",
    "Recovery": "engine.store.recovery",
    "ResultColumn": "engine.warehouse.querying.result",
    "Review": "engine.review.review",
    "RuleParameter": "engine.review.rule_catalogue.records",
    "SavedQuery": "engine.store.query_rows",
    "SchemaDiff": "engine.schema.differences",
    "SchemaUpdate": "engine.runs.schema_versions",
    "SchemaVersion": "engine.store.records",
    "Starving": "engine.workload.starving",
    "Statement": "engine.workload.records",
    "StatementCoverage": "engine.workload.records",
    "UnitTest": "engine.workload.fixtures.unit_test",
    "WorkloadFit": "engine.experiment_fitting",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'engine.types' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), "Change" if name == "FitChange" else name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
