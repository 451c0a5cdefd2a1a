"""Generate, load, cancel, reset and runs: in process, on a real workbench, as a pipe sees them."""

import os
import signal
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest

from engine import Workbench
from engine.cli.arguments import parse_row_counts
from engine.errors import CancelledError
from tests.engine.cli.conftest import Command, rows_of
from tests.engine.warehouse.audit.damage import change_rows


def test_generate_prints_the_rows_of_each_table_and_the_seed(shop: Command):
    result = shop("experiment", "generate", "shop", "--rows", "orders=1_000", "--rows", "customers=30", "--seed", "42")

    assert result.exit_code == 0
    assert rows_of(result)[:3] == [["table", "rows"], ["customers", "30"], ["orders", "1000"]]
    assert result.stdout.splitlines()[-1].startswith("Run 1 of shop finished (COMPLETED): 1,030 rows in ")
    assert result.stdout.splitlines()[-1].endswith(", seed 42, ready to query.")
    assert result.stderr == ""


def test_generate_with_one_number_for_all_other_tables(shop: Command):
    result = shop("experiment", "generate", "shop", "--rows", "9", "--rows", "Orders=3", "--no-load")

    assert rows_of(result)[1:3] == [["customers", "9"], ["orders", "3"]]
    assert "not loaded" in result.stdout
    assert shop("query", "execute", "select count(*) from shop__orders").stdout.splitlines()[1] == "0"


def test_generate_with_a_total_spreads_it_over_the_tables(shop: Command):
    result = shop("experiment", "generate", "shop", "--rows", "total=7000", "--rows", "customers=30", "--no-load")

    assert rows_of(result)[1:3] == [["customers", "30"], ["orders", "6970"]]


def test_a_total_and_a_number_for_every_table_contradict_each_other(shop: Command):
    result = shop("experiment", "generate", "shop", "--rows", "total=7000", "--rows", "30")

    assert result.exit_code == 2
    assert "contradict each other" in " ".join(result.stderr.split())


def test_generate_into_a_folder(shop: Command):
    result = shop("experiment", "generate", "shop", "--output-dir", "out")

    assert result.exit_code == 0
    assert list(Path("out").rglob("*.parquet"))
    assert "out" in result.stdout.splitlines()[-1]


def test_ctrl_c_cancels_the_run(shop: Command, tmp_path: Path):
    experiment = Workbench(tmp_path / "home")["shop"]

    def interrupt_when_running() -> None:
        deadline = monotonic() + 120
        while experiment.progress() is None and monotonic() < deadline:
            sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    Thread(target=interrupt_when_running).start()
    result = shop("experiment", "generate", "shop", "--rows", "orders=600000000", "--no-load")

    assert result.exit_code == 130
    assert result.stderr.splitlines()[-1] == "Run cancelled. The loaded data is unchanged."
    assert experiment.run(1).status == "ABORTED"


@pytest.mark.parametrize("rows", ["orders=-1", "-1", "ordres=5"])
def test_invalid_rows_start_no_run(shop: Command, rows: str):
    result = shop("experiment", "generate", "shop", f"--rows={rows}")

    assert result.exit_code == 1
    assert "Error: " in result.stderr
    assert shop("experiment", "runs", "shop").stdout.count("\n") == 1


def test_row_counts_are_parsed():
    assert parse_row_counts([]) is None
    assert parse_row_counts(["7"]) == 7
    assert parse_row_counts(["a.b=1,000", "5"]) == {"a.b": 1000, "": 5}


def test_runs_are_listed_newest_first(filled: Command):
    filled("experiment", "generate", "shop", "--rows", "1", "--seed", "8", "--no-load")

    header, second, first = rows_of(filled("experiment", "runs", "shop"))

    assert header == ["run", "status", "rows", "seed", "started", "seconds", "loaded", "version", "error"]
    assert (second[:4], second[6]) == (["2", "COMPLETED", "2", "8"], "no")
    assert (first[:4], first[6:]) == (["1", "COMPLETED", "70", "7"], ["yes", "1", "-"])


def test_one_run_is_shown_with_its_tables(filled: Command):
    result = filled("experiment", "runs", "shop", "1")

    assert ["seed", "7"] in rows_of(result)
    assert ["orders", "50"] in rows_of(result)
    assert filled("experiment", "runs", "shop", "9").exit_code == 1


def test_a_failed_load_is_an_error_without_a_traceback(shop: Command, tmp_path: Path):
    shop("experiment", "generate", "shop", "--output-dir", "out")
    for part in (tmp_path / "out").rglob("*.parquet"):
        part.write_bytes(b"not Parquet")

    result = shop("experiment", "load", "shop", "--run-id", "1")

    assert result.exit_code == 1
    assert "customers" in result.stderr
    assert "Traceback" not in result.stderr


def test_load_after_reset_restores_the_rows(filled: Command):
    count = ("query", "execute", "SELECT COUNT(*) FROM shop__orders")

    reset = filled("experiment", "reset", "shop", "--yes")
    assert reset.stdout == "Emptied 2 tables of shop.\n"
    assert filled(*count).stdout.splitlines()[1] == "0"

    load = filled("experiment", "load", "shop")
    assert load.stdout.splitlines()[-1] == "Loaded run 1 of shop: 70 rows."
    assert filled(*count).stdout.splitlines()[1] == "50"


def test_load_without_a_run(shop: Command):
    assert shop("experiment", "load", "shop").exit_code == 1


def test_cancel_without_an_active_run(filled: Command):
    assert filled("experiment", "cancel", "shop").exit_code == 1
    assert filled("experiment", "cancel", "shop", "9").exit_code == 1
    assert filled("experiment", "cancel", "shop", "1").stdout == "Run 1 of shop has already ended: COMPLETED.\n"


@pytest.mark.parametrize("verb", ["reset", "delete"])
def test_destruction_needs_yes_without_a_terminal(filled: Command, verb: str):
    result = filled("experiment", verb, "shop", stdin="y\n")

    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert filled("query", "execute", "select count(*) from shop__orders").stdout.splitlines()[1] == "50"


def test_an_aborted_run_is_resumed(shop: Command):
    with Workbench() as workbench:
        experiment = workbench["shop"]

        def cancel(progress):
            experiment.cancel(progress.run_id)

        with pytest.raises(CancelledError):
            experiment.generate(seed=5, progress=cancel)
    result = shop("experiment", "resume", "shop", "1")

    assert result.exit_code == 0
    assert rows_of(result)[:3] == [["table", "rows"], ["customers", "20"], ["orders", "50"]]
    assert "Run 1 of shop finished" in result.stdout
    assert "Note: Resumed after it was ABORTED" in result.stdout


def test_a_completed_run_is_not_resumed(filled: Command):
    result = filled("experiment", "resume", "shop", "1")

    assert result.exit_code == 1
    assert "there is nothing to resume" in result.stderr


def test_an_audit_that_passes(filled: Command):
    result = filled("experiment", "audit", "shop")

    assert result.exit_code == 0
    assert rows_of(result)[0] == ["check", "table", "column", "expected", "found", "passed"]
    assert len(rows_of(result)) == 2
    assert result.stdout.splitlines()[-1].startswith("Audit of run 1 of shop: ")
    assert result.stdout.splitlines()[-1].endswith(" checks, all passed.")


def test_an_audit_with_all_lists_the_checks_that_passed(filled: Command):
    rows = rows_of(filled("experiment", "audit", "shop", "--all"))

    assert ["row_count", "orders", "-", "50", "50", "yes"] in rows


def test_an_audit_that_fails(filled: Command, tmp_path: Path):
    (warehouse,) = tmp_path.glob("home/experiments/shop/warehouse-*.duckdb")
    change_rows(warehouse, "update orders set customer_id = -7 where rowid = 3")
    result = filled("experiment", "audit", "shop")

    assert result.exit_code == 1
    assert ["foreign_key", "orders", "customer_id", "in customers (customer_id)", "1 row", "NO"] in rows_of(result)
    assert "1 FAILED" in result.stderr
    assert "not exists" in result.stdout
