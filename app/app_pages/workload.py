"""The Workload page: the queries that people run, which of them find rows, and what would make them find rows."""

from __future__ import annotations

from app.components.shared.experiment_picker import choose_experiment
from app.components.shared.header import page_header
from app.components.workload.changes import show_changes
from app.components.workload.jobs import last_results, show_jobs
from app.components.workload.one_query import show_query
from app.components.workload.queries import ask_values, bring_queries, read_kept
from app.components.workload.table import choose_query
from app.page_end import end_page

page_header("Workload", "Bring the queries you run: see which find rows, and fit the schema so that they do.")
experiment = choose_experiment(width=260)
kept = experiment.workload
statements = read_kept(experiment, kept)
bring_queries(experiment, kept, len(statements))
if not kept.files:
    end_page()
ask_values(experiment, kept, statements)
if show_jobs(experiment, kept):
    end_page()  # the results of before would only change under the reader's eyes
checked, fit = last_results(experiment)
show_changes(experiment, fit)
chosen = choose_query(experiment, statements, checked, fit)
if chosen is not None:
    show_query(experiment, chosen, fit)
