"""The workloads of `inputs`: each with its schema, its dialect and where its queries are."""

from dataclasses import dataclass
from pathlib import Path

import engine
from engine.schema.models import ExperimentSchema

INPUTS = Path(__file__).parent / "inputs"


@dataclass(frozen=True)
class WorkloadInput:
    """One workload."""

    name: str
    dialect: str
    queries: str

    @property
    def folder(self) -> Path:
        return INPUTS / self.name / self.queries

    def schema(self) -> ExperimentSchema:
        script = (INPUTS / self.name / "schema.sql").read_text("utf-8")
        return engine.import_sql(script, name=self.name, dialect=self.dialect).schema


SUBSCRIPTIONS = WorkloadInput("subscriptions_dbt", "snowflake", "project")
DASHBOARDS = WorkloadInput("dashboards_redshift", "redshift", "queries")
TELEMETRY = WorkloadInput("telemetry_snowflake", "snowflake", "queries")
WORKLOADS = (SUBSCRIPTIONS, DASHBOARDS, TELEMETRY)
