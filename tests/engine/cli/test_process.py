"""`dw-sim` as a process: in a pipe, on a terminal, and stopped by Ctrl+C."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import engine
from tests.engine.conftest import until

DW_SIM = str(Path(sys.executable).with_name("dw-sim"))
ONE_TABLE = {"name": "big", "tables": [{"name": "t", "columns": [{"name": "i", "data_type": "INT"}]}]}
HUGE_ROWS = "600000000"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An empty home, and a terminal of 100 columns."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "DW_SIM_HOME": str(tmp_path / "home"),
        "TERM": "xterm-256color",
        "COLUMNS": "100",
        "LINES": "30",
        "LANG": "C.UTF-8",
    }


@pytest.fixture
def big(environment: dict[str, str], tmp_path: Path) -> engine.Experiment:
    """An experiment of one table, without data."""
    return engine.Workbench(tmp_path / "home").create(ONE_TABLE)


def piped(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DW_SIM, *arguments], env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120
    )


def on_terminal(environment: dict[str, str], *arguments: str, typed: bytes = b"") -> tuple[int, str]:
    """Run a command on a terminal of its own; returns its exit code and its output."""
    process, terminal = pty.fork()
    if process == 0:
        os.execve(DW_SIM, [DW_SIM, *arguments], environment)
    os.write(terminal, typed)
    drawn = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # Linux raises this when the other side has closed
            break
        if not piece:
            break
        drawn += piece
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), drawn.decode()


def plain(drawn: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drawn).replace("\r\n", "\n")


def test_create_generate_and_query_in_a_pipe(environment: dict[str, str], tmp_path: Path):
    (tmp_path / "big.json").write_text(json.dumps(ONE_TABLE))

    for arguments in (
        ("experiment", "create", str(tmp_path / "big.json")),
        ("experiment", "generate", "big", "--rows", "t=1000", "--seed", "42"),
        ("query", "execute", "SELECT COUNT(*) FROM big__t"),
    ):
        result = piped(environment, *arguments)
        assert (result.returncode, result.stderr) == (0, "")
        assert "\x1b" not in result.stdout
    assert result.stdout == "count_star()\n1000\n"


def test_an_error_goes_to_stderr(environment: dict[str, str]):
    result = piped(environment, "experiment", "show", "nothing")

    assert result.returncode == 1
    assert result.stdout == ""
    assert "nothing" in result.stderr
    assert "Traceback" not in result.stderr
    assert "\x1b" not in result.stderr


def test_a_closed_pipe_prints_no_traceback(environment: dict[str, str]):
    result = subprocess.run(
        ["bash", "-c", f"{DW_SIM} query execute 'select * from range(200000)' | head -n 1"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert result.stdout == "range\n"
    assert result.stderr == ""


def test_help_does_not_import_the_engine():
    heavy = ("polars", "duckdb", "faker", "streamlit", "fastapi", "sqlglot", "pyarrow", "pydantic", "numpy", "rich")
    code = (
        "import sys, engine.cli\n"
        "from typer.testing import CliRunner\n"
        "assert CliRunner().invoke(engine.cli.app, ['--help']).exit_code == 0\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert result.stdout == "[]\n"


def test_a_terminal_shows_a_table_and_progress(environment: dict[str, str], big: engine.Experiment):
    code, drawn = on_terminal(environment, "experiment", "generate", "big", "--rows", "t=1234567")

    assert code == 0
    assert "\x1b[" in drawn
    assert "1,234,567 / 1,234,567 rows" in plain(drawn)
    assert re.search(r"^t +1,234,567$", plain(drawn), re.MULTILINE)
    assert "finished" in drawn


def test_a_terminal_shows_the_first_rows_and_reports_it(environment: dict[str, str]):
    _, drawn = on_terminal(environment, "query", "execute", "select range as n, 'x' as x from range(1000)")

    assert re.search(r"^99 +x$", plain(drawn), re.MULTILINE)
    assert "first 100 rows" in drawn


def test_rows_too_wide_for_the_terminal_are_shown_one_value_per_line(environment: dict[str, str]):
    columns = ", ".join(f"'value {i}' as a_rather_long_name_{i}" for i in range(9))
    _, drawn = on_terminal(environment, "query", "execute", f"select {columns}")

    assert "a_rather_long_name_8  value 8" in plain(drawn)


def test_delete_asks_for_confirmation_on_a_terminal(
    environment: dict[str, str], big: engine.Experiment, tmp_path: Path
):
    declined, drawn = on_terminal(environment, "experiment", "delete", "big", typed=b"n\n")
    assert declined == 1
    assert "big" in drawn
    assert "big" in engine.Workbench(tmp_path / "home")

    accepted, _ = on_terminal(environment, "experiment", "delete", "big", typed=b"y\n")
    assert accepted == 0
    assert "big" not in engine.Workbench(tmp_path / "home")


def start_run(environment: dict[str, str], big: engine.Experiment) -> subprocess.Popen[str]:
    """Start a run that is too long to end, and return when it is RUNNING."""
    process = subprocess.Popen(
        [DW_SIM, "experiment", "generate", "big", "--rows", HUGE_ROWS, "--no-load"],
        env=environment | {"DW_SIM_CHUNK_ROWS": "100000"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A process started in the background may ignore SIGINT.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    until(lambda: bool(big.runs()))
    return process


def test_ctrl_c_ends_the_run_as_aborted(environment: dict[str, str], big: engine.Experiment):
    process = start_run(environment, big)

    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=120)

    assert process.returncode == 130
    assert output == ""
    assert "Traceback" not in errors
    assert [run.status for run in big.runs()] == ["ABORTED"]
    big.generate(rows=1)


def test_another_process_can_cancel_a_run(environment: dict[str, str], big: engine.Experiment):
    process = start_run(environment, big)

    cancel = piped(environment, "experiment", "cancel", "big")
    _, errors = process.communicate(timeout=120)

    assert cancel.stdout == "Cancelling run 1 of big.\n"
    assert process.returncode == 1
    assert "cancelled" in errors
    assert [run.status for run in big.runs()] == ["ABORTED"]


def test_a_second_change_is_rejected_with_the_lock_owner(environment: dict[str, str], big: engine.Experiment):
    process = start_run(environment, big)
    try:
        result = piped(environment, "experiment", "reset", "big", "--yes")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)

    assert result.returncode == 1
    assert str(process.pid) in result.stderr
    assert "since" in result.stderr


def test_the_work_of_a_killed_process_is_aborted(environment: dict[str, str], big: engine.Experiment):
    process = start_run(environment, big)

    process.kill()
    process.communicate(timeout=120)

    assert piped(environment, "experiment", "runs", "big").stdout.splitlines()[1].split("\t")[1] == "ABORTED"
