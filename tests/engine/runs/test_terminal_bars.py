import io

from rich.console import Console

from engine.runs.terminal_bars import TerminalBars
from tests.engine.runs.progress import HALF


def test_a_terminal_shows_a_bar_for_each_table():
    drawn = io.StringIO()
    with TerminalBars(Console(file=drawn, force_terminal=True, width=100, height=30)) as bars:
        bars.show(HALF)

    assert "1,000 / 2,000 rows" in drawn.getvalue()
    assert "500 rows/s, 0:00:02 left" in drawn.getvalue()
