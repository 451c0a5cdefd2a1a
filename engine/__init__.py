"""Realistic, private, reproducible data in the shape of your Redshift or Snowflake warehouse.

    import engine

    workbench = engine.Workbench()
    shop = workbench.create("schemas/ecommerce.json")
    shop.generate(rows={"orders": 100_000}, seed=42)
    shop.query("select status, count(*) as orders from orders group by status").chart()

Everything raised on purpose is an `engine.WorkbenchError`; its kinds are in `engine.errors`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.errors import WorkbenchError

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from engine.review.imports import import_sql
    from engine.schema.files import read_schema
    from engine.schema.json_schema import json_schema
    from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
    from engine.settings import Settings
    from engine.sql.ddl_export import export_ddl
    from engine.sql.importing.import_result import Draft
    from engine.sql.importing.notes import ImportNote
    from engine.store.records import Run, RunProgress, RunStatus, TableProgress
    from engine.warehouse.audit.audit import AuditResult
    from engine.warehouse.querying.handle import QueryHandle
    from engine.warehouse.querying.result import QueryResult
    from engine.workbench import Workbench

__all__ = [
    "AuditResult",
    "ColumnSchema",
    "Draft",
    "Experiment",
    "ExperimentSchema",
    "ImportNote",
    "QueryHandle",
    "QueryResult",
    "Run",
    "RunProgress",
    "RunStatus",
    "Settings",
    "TableProgress",
    "TableSchema",
    "Workbench",
    "WorkbenchError",
    "export_ddl",
    "import_sql",
    "json_schema",
    "read_schema",
]

# The module of each name. Names are imported on first use, so that `dw-sim --help` does not wait for Polars.
_MODULES = {
    "AuditResult": "engine.warehouse.audit.audit",
    "ColumnSchema": "engine.schema.models",
    "Draft": "engine.sql.importing.import_result",
    "Experiment": "engine.experiment",
    "ExperimentSchema": "engine.schema.models",
    "ImportNote": "engine.sql.importing.notes",
    "QueryHandle": "engine.warehouse.querying.handle",
    "QueryResult": "engine.warehouse.querying.result",
    "Run": "engine.store.records",
    "RunProgress": "engine.store.records",
    "RunStatus": "engine.store.records",
    "Settings": "engine.settings",
    "TableProgress": "engine.store.records",
    "TableSchema": "engine.schema.models",
    "Workbench": "engine.workbench",
    "export_ddl": "engine.sql.ddl_export",
    "import_sql": "engine.review.imports",
    "json_schema": "engine.schema.json_schema",
    "read_schema": "engine.schema.files",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'engine' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
