"""The services that all experiments of a workbench share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from engine.runs.jobs import Jobs
from engine.settings import Settings
from engine.store.catalog import Catalog
from engine.store.home import Home

if TYPE_CHECKING:
    from engine.export.jobs import ExportJobs
    from engine.queries.home_queries import Querying
    from engine.workload.fit_jobs import FitJobs


@dataclass(frozen=True)
class Services:
    """The services that all experiments of a workbench share."""

    home: Home
    catalog: Catalog
    settings: Settings
    jobs: Jobs

    @cached_property
    def querying(self) -> Querying:
        """The queries of the home folder; imported by the first one, as a run needs no query."""
        from engine.queries.home_queries import open_querying

        return open_querying(self.home, self.catalog, self.settings)

    @cached_property
    def fits(self) -> FitJobs:
        """The fits in the background; imported by the first one."""
        from engine.workload.fit_jobs import FitJobs

        return FitJobs()

    @cached_property
    def checks(self) -> FitJobs:
        """The checks of workloads in the background; imported by the first one."""
        from engine.workload.fit_jobs import FitJobs

        return FitJobs("check")

    @cached_property
    def exports(self) -> ExportJobs:
        """The exports in the background; imported by the first one."""
        from engine.export.jobs import ExportJobs

        return ExportJobs(self.home.temp_dir)

    def discard_exports(self, experiment: str) -> None:
        """Cancel and delete the exports in the background of an experiment that is deleted."""
        if "exports" in vars(self):
            self.exports.discard(experiment)

    def close(self) -> None:
        """Close the catalog and stop the exports, the fits, the checks and the query workers."""
        for jobs in ("exports", "fits", "checks"):
            if jobs in vars(self):
                getattr(self, jobs).close()
        if "querying" in vars(self):
            self.querying.runner.close()
        self.catalog.close()
