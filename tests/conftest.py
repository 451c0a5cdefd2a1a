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
    "app/api/test_attaching.py",
    "app/api/test_coverage.py",
    "app/api/test_docs.py",
    "app/api/test_duplicate_keys.py",
    "app/api/test_errors.py",
    "app/api/test_experiments.py",
    "app/api/test_exploring.py",
    "app/api/test_exports.py",
    "app/api/test_fits.py",
    "app/api/test_query.py",
    "app/api/test_runs.py",
    "app/api/test_versions.py",
    "app/components/query/test_downloads.py",
    "app/components/rule_panel/test_panel.py",
    "app/components/rule_panel/test_relations.py",
    "app/components/shared/test_palette.py",
    "app/components/shared/test_tables.py",
    "app/test_board_page.py",
    "app/test_connecting.py",
    "app/test_experiments_page.py",
    "app/test_explore_page.py",
    "app/test_generate_page.py",
    "app/test_new_experiment_page.py",
    "app/test_preloading.py",
    "app/test_query_actions.py",
    "app/test_query_page.py",
    "app/test_query_tabs.py",
    "app/test_runs_page.py",
    "app/test_samples.py",
    "app/test_schema_from_nothing.py",
    "app/test_schema_page.py",
    "app/test_server.py",
    "app/test_workload_page.py",
    "engine/cli/test_experiment.py",
    "engine/cli/test_experiment_export.py",
    "engine/cli/test_experiment_runs.py",
    "engine/cli/test_experiment_versions.py",
    "engine/cli/test_process.py",
    "engine/cli/test_query.py",
    "engine/cli/test_usage.py",
    "engine/cli/test_workload.py",
    "engine/export/test_attaching.py",
    "engine/export/test_exporting.py",
    "engine/export/test_formats.py",
    "engine/export/test_iceberg.py",
    "engine/export/test_load_scripts.py",
    "engine/export/test_more_formats.py",
    "engine/export/test_object_places.py",
    "engine/export/test_readers.py",
    "engine/generation/test_preview.py",
    "engine/generation/test_reproducible.py",
    "engine/generation/test_writer.py",
    "engine/pytest_plugin/test_sessions.py",
    "engine/queries/test_board.py",
    "engine/queries/test_home_queries.py",
    "engine/queries/test_plans.py",
    "engine/queries/test_stable_files.py",
    "engine/review/test_column_editor.py",
    "engine/review/test_import_growth.py",
    "engine/review/test_review.py",
    "engine/review/test_rule_catalogue.py",
    "engine/review/test_structure.py",
    "engine/rules/declared/test_declared.py",
    "engine/rules/dependent/test_latents.py",
    "engine/rules/derived/test_expression.py",
    "engine/rules/derived/test_injective.py",
    "engine/rules/derived/test_math_functions.py",
    "engine/rules/distributions/test_discrete.py",
    "engine/rules/distributions/test_distributions.py",
    "engine/rules/distributions/test_seasons.py",
    "engine/rules/distributions/test_time_shapes.py",
    "engine/rules/keys/test_baskets.py",
    "engine/rules/keys/test_batches.py",
    "engine/rules/keys/test_child_counts.py",
    "engine/rules/keys/test_children.py",
    "engine/rules/keys/test_counted.py",
    "engine/rules/keys/test_given_rows.py",
    "engine/rules/keys/test_key_promises.py",
    "engine/rules/keys/test_keys_at_scale.py",
    "engine/rules/keys/test_popular_pairs.py",
    "engine/rules/keys/test_row_groups.py",
    "engine/rules/providers/faker/test_methods.py",
    "engine/rules/providers/faker/test_people.py",
    "engine/rules/providers/faker/test_processes.py",
    "engine/rules/providers/faker/test_rules.py",
    "engine/rules/providers/forms/test_forms.py",
    "engine/rules/providers/test_formats.py",
    "engine/rules/relations/test_chunks.py",
    "engine/rules/relations/test_events.py",
    "engine/rules/relations/test_lifecycles.py",
    "engine/rules/relations/test_outcomes.py",
    "engine/rules/relations/test_rollups.py",
    "engine/rules/relations/test_series.py",
    "engine/rules/relations/test_shares.py",
    "engine/rules/scenarios/test_layout.py",
    "engine/rules/suggestions/test_row_groups.py",
    "engine/rules/suggestions/test_suggestions.py",
    "engine/rules/suggestions/test_totals_of_rows.py",
    "engine/rules/test_contradictions.py",
    "engine/rules/test_locale_choice.py",
    "engine/rules/test_registry.py",
    "engine/rules/test_trees.py",
    "engine/runs/test_growing_runs.py",
    "engine/runs/test_loading.py",
    "engine/runs/test_phases.py",
    "engine/runs/test_renaming.py",
    "engine/runs/test_resume.py",
    "engine/runs/test_run.py",
    "engine/runs/test_schema_versions.py",
    "engine/runs/test_stored_runs.py",
    "engine/scale/test_local.py",
    "engine/sql/importing/test_import_limits.py",
    "engine/sql/importing/test_robustness.py",
    "engine/sql/importing/test_statement_splitting.py",
    "engine/sql/translation/functions/test_raising.py",
    "engine/sql/translation/functions/test_time_zones.py",
    "engine/sql/translation/padding/test_char_padding.py",
    "engine/sql/translation/test_damaged_queries.py",
    "engine/sql/translation/test_growth.py",
    "engine/sql/translation/test_warehouse_queries.py",
    "engine/store/test_catalog.py",
    "engine/store/test_formats.py",
    "engine/store/test_own_files.py",
    "engine/store/test_recovery.py",
    "engine/test_entrances.py",
    "engine/test_experiment_fitting.py",
    "engine/test_experiment_workload.py",
    "engine/test_properties.py",
    "engine/test_relation_properties.py",
    "engine/test_workbench.py",
    "engine/warehouse/audit/test_audit.py",
    "engine/warehouse/audit/test_conditional_checks.py",
    "engine/warehouse/audit/test_event_checks.py",
    "engine/warehouse/audit/test_given_rows.py",
    "engine/warehouse/audit/test_group_checks.py",
    "engine/warehouse/audit/test_lifecycle_checks.py",
    "engine/warehouse/audit/test_place_checks.py",
    "engine/warehouse/audit/test_scenario_checks.py",
    "engine/warehouse/audit/test_time_checks.py",
    "engine/warehouse/charts/test_chart.py",
    "engine/warehouse/charts/test_chosen_charts.py",
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
    "engine/warehouse/querying/test_session.py",
    "engine/warehouse/querying/test_spill_folders.py",
    "engine/warehouse/workers/test_pool.py",
    "engine/warehouse/workers/test_table_tasks.py",
    "engine/warehouse/workers/test_worker.py",
    "engine/workload/test_coverage.py",
    "engine/workload/test_fitting.py",
    "engine/workload/test_jinja_spans.py",
    "engine/workload/test_mining.py",
    "engine/workload/test_mutated_queries.py",
    "engine/workload/test_reading.py",
    "engine/workload/test_repairing.py",
    "engine/workload/test_workload_inputs.py",
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
