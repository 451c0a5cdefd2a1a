"""Fit, and an import with queries, as a pipe sees them."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import pytest

from engine.schema.models import ExperimentSchema
from engine.trial_runs import TrialRuns
from engine.workload.trials import Trial
from tests.engine.cli.conftest import Command, rows_of

SCRIPT = """
create table goods (good_id int primary key, kind varchar(20) not null);
create table sales (sale_id int primary key, item int not null, sold_on date not null);
"""
QUERY = """select kind, count(*) from sales join goods on item = good_id
where kind = 'LANTERN' and sold_on >= '2012-04-01' and sold_on < '2012-07-01' group by kind;
select from;
"""


def write() -> None:
    Path("script.sql").write_text(SCRIPT)
    Path("queries").mkdir(exist_ok=True)
    Path("queries/lanterns.sql").write_text(QUERY)


def test_a_fit_tells_its_changes_and_saves_a_version(command: Command):
    write()
    assert command("experiment", "import-sql", "script.sql", "--name", "lamps", "--dialect", "redshift").exit_code == 0

    tried = command("experiment", "fit", "lamps", "--queries", "queries", "--rows", "500", "--dry-run")
    assert tried.exit_code == 0, tried.stderr
    assert len(rows_of(command("experiment", "versions", "lamps"))) == 2
    done = command("experiment", "fit", "lamps", "--queries", "queries", "--rows", "500")

    assert "sales.item: Queries join item to good_id of goods. Asked for by lanterns.sql" in done.stdout
    assert "Saved version 2 of lamps" in done.stdout
    assert "1 of 2 queries find rows, 0 before." in done.stdout
    assert len(rows_of(command("experiment", "versions", "lamps"))) == 3


def test_an_import_with_queries_is_fitted(command: Command):
    write()

    done = command(
        "experiment", "import-sql", "script.sql", "--name", "lamps", "--dialect", "redshift", "--queries", "queries"
    )

    assert done.exit_code == 0, done.stderr
    assert "Saved version 2 of lamps" in done.stdout


def test_about_a_number_of_rows_in_all_is_spread_after_the_fit(command: Command):
    write()
    assert command("experiment", "import-sql", "script.sql", "--name", "lamps", "--dialect", "redshift").exit_code == 0

    done = command("experiment", "fit", "lamps", "--queries", "queries", "--rows", "total=800", "--dry-run")

    assert "1 of 2 queries find rows, 0 before." in done.stdout


def test_a_missing_folder_is_refused(shop: Command):
    assert shop("experiment", "fit", "shop", "--queries", "nowhere").exit_code == 1


def test_rows_are_wanted_and_ctrl_c_leaves_the_schema(command: Command, monkeypatch: pytest.MonkeyPatch):
    write()
    assert command("experiment", "import-sql", "script.sql", "--name", "lamps", "--dialect", "redshift").exit_code == 0
    Path("history.csv").write_text("query_text,rows_produced\nlanterns.sql #1,1\n")
    arguments = ("experiment", "fit", "lamps", "--queries", "queries", "--rows", "300")

    done = command(*arguments, "--wanted", "history.csv", "--dry-run", "--rounds", "0")
    assert "lanterns.sql #1: 1 rows wanted, 1 found." in done.stdout

    Path("history.csv").write_text("a,b\n")
    refused = command(*arguments, "--wanted", "history.csv")
    assert (refused.exit_code, "no column of queries" in refused.stderr) == (1, True)

    class Interrupting(TrialRuns):
        @contextmanager
        def open(self, schema: ExperimentSchema) -> Iterator[Trial]:
            os.kill(os.getpid(), signal.SIGINT)
            while not self.handle.is_cancelled:
                sleep(0.01)
            with super().open(schema) as trial:
                yield trial

    monkeypatch.setattr("engine.trial_runs.TrialRuns", Interrupting)
    stopped = command(*arguments)

    assert stopped.exit_code == 130
    assert stopped.stderr.splitlines()[-1] == "Fit cancelled. The schema is unchanged."
    assert len(rows_of(command("experiment", "versions", "lamps"))) == 2
