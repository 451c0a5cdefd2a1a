import io

from rich.console import Console

from engine import RunProgress, RunStatus, TableProgress
from engine.runs.terminal_bars import TerminalBars

HALF = RunProgress(
    run_id=1,
    status=RunStatus.RUNNING,
    phase="generating",
    tables=(
        TableProgress("orders", 1_000, 2_000, 500.0, 2.0),
        TableProgress('"a<b"', 0, 0, 0.0, None),
    ),
    rows_done=1_000,
    rows_total=2_000,
    rows_per_second=500.0,
    seconds_left=2.0,
    fraction=0.5,
)


def test_a_terminal_shows_a_bar_for_each_table():
    drawn = io.StringIO()
    with TerminalBars(Console(file=drawn, force_terminal=True, width=100, height=30)) as bars:
        bars.show(HALF)

    assert "1,000 / 2,000 rows" in drawn.getvalue()
    assert "500 rows/s, 0:00:02 left" in drawn.getvalue()
