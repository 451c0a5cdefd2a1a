"""What every test may use: the project's folder, a home folder of its own, and which tests are slow."""

from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent
SLOW = (
    "benchmarks",
    "browser",
    "conformance",
    "faults",
    "test_acceptance.py",
    "test_notebooks.py",
    "test_readme.py",
    "app/api/test_docs.py",
    "app/api/test_duplicate_keys.py",
    "app/api/test_experiments.py",
    "app/api/test_query.py",
    "app/api/test_runs.py",
    "app/components/shared/test_tables.py",
    "app/test_experiments_page.py",
    "app/test_explore_page.py",
    "app/test_generate_page.py",
    "app/test_new_experiment_page.py",
    "app/test_preloading.py",
    "app/test_query_page.py",
    "app/test_runs_page.py",
    "app/test_samples.py",
    "app/test_server.py",
    "engine/cli/test_experiment.py",
    "engine/cli/test_experiment_runs.py",
    "engine/cli/test_process.py",
    "engine/workload/test_mutated_queries.py",
    "engine/workload/test_workload_inputs.py",
    "engine/cli/test_query.py",
    "engine/export/test_iceberg.py",
    "engine/generation/test_reproducible.py",
    "engine/generation/test_writer.py",
    "engine/pytest_plugin/test_sessions.py",
    "engine/queries/test_home_queries.py",
    "engine/review/test_import_growth.py",
    "engine/rules/derived/test_expression.py",
    "engine/rules/distributions/test_discrete.py",
    "engine/rules/distributions/test_distributions.py",
    "engine/rules/distributions/test_time_shapes.py",
    "engine/rules/keys/test_keys_at_scale.py",
    "engine/rules/providers/faker/test_methods.py",
    "engine/rules/providers/faker/test_processes.py",
    "engine/rules/providers/faker/test_rules.py",
    "engine/rules/suggestions/test_suggestions.py",
    "engine/runs/test_loading.py",
    "engine/runs/test_resume.py",
    "engine/runs/test_run.py",
    "engine/runs/test_stored_runs.py",
    "engine/sql/importing/test_import_limits.py",
    "engine/sql/importing/test_robustness.py",
    "engine/sql/importing/test_statement_splitting.py",
    "engine/sql/translation/functions/test_raising.py",
    "engine/sql/translation/functions/test_time_zones.py",
    "engine/sql/translation/padding/test_char_padding.py",
    "engine/sql/translation/test_damaged_queries.py",
    "engine/sql/translation/test_growth.py",
    "engine/sql/translation/test_warehouse_queries.py",
    "engine/store/test_own_files.py",
    "engine/store/test_recovery.py",
    "engine/test_entrances.py",
    "engine/test_properties.py",
    "engine/test_relation_properties.py",
    "engine/test_workbench.py",
    "engine/warehouse/loading/test_replacing.py",
    "engine/warehouse/querying/test_csv_stream.py",
    "engine/warehouse/querying/test_execution.py",
    "engine/warehouse/querying/test_instances.py",
    "engine/warehouse/querying/test_json_stream.py",
    "engine/warehouse/querying/test_macros.py",
    "engine/warehouse/querying/test_name_hints.py",
    "engine/warehouse/querying/test_names.py",
    "engine/warehouse/querying/test_parquet_stream.py",
    "engine/warehouse/querying/test_permissions.py",
    "engine/warehouse/querying/test_spill_folders.py",
    "engine/warehouse/workers/test_pool.py",
    "engine/warehouse/workers/test_table_tasks.py",
    "engine/warehouse/workers/test_worker.py",
)
"""Folders and files whose tests start processes or take long; `-m "not slow"` leaves them out."""
LONGEST = ("browser", "test_notebooks.py", "test_readme.py", "test_acceptance.py", "engine/cli/test_process.py")
"""The folder and the files whose tests take longest, and would be the last of all."""
BROWSER = "tests/browser/"


def is_slow(path: Path) -> bool:
    """Whether a file of tests, or all of a folder, is slow."""
    name = path.relative_to(TESTS).as_posix()
    return any(name == slow or name.startswith(f"{slow}/") for slow in SLOW)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave slow files unread in the quick loop: importing them takes longer than many a test."""
    return True if config.option.markexpr == "not slow" and is_slow(collection_path) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow tests, and begin with the longest files, so that no process works on one alone at the end."""
    for item in items:
        if is_slow(item.path):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: item.path.relative_to(TESTS).as_posix().startswith(LONGEST), reverse=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give all tests of the browser to one process: a page waits for its app, a second browser would only slow it."""
    from xdist.scheduler.loadfile import LoadFileScheduling

    class BrowserTogether(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return BROWSER if nodeid.startswith(BROWSER) else super()._split_scope(nodeid)

    return BrowserTogether(config, log) if config.option.dist == "loadfile" else None


@pytest.fixture
def project() -> Path:
    """The top folder of the project."""
    return TESTS.parent


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, which is also DW_SIM_HOME: no test touches the user's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("DW_SIM_HOME", str(folder))
    return folder
