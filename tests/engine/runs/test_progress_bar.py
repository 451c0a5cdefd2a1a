import subprocess
import sys

import pytest

from engine import RunProgress, RunStatus, TableProgress
from engine.runs.progress_bar import bars_html, show_progress
from engine.types import PhaseProgress
from tests.engine.runs.progress import HALF


def test_a_callers_listener_is_used():
    told: list[RunProgress] = []

    with show_progress(told.append) as listener:
        assert listener is not None
        listener(HALF)

    assert told == [HALF]


def test_nothing_is_drawn_where_nobody_looks(capsys: pytest.CaptureFixture[str]):
    with show_progress(None) as listener:
        assert listener is None

    assert capsys.readouterr() == ("", "")


def test_without_a_terminal_nothing_is_imported_to_draw():
    code = (
        "import sys; from engine.runs.progress_bar import show_progress; "
        "show_progress(None).__enter__(); print('rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_loading_continues_the_bar_and_counts_its_own_rows():
    table = TableProgress("orders", 2_000, 2_000, 500.0, 0.0, rows_loaded=1_000, loading_share=0.2)
    loading = PhaseProgress("loading", 1_000, 2_000, 4_000.0, 0.25, 0.25, 0.5)
    html = bars_html(
        RunProgress(1, RunStatus.RUNNING, "loading", (table,), 2_000, 2_000, 4_000.0, 1.0, 0.9, (loading,))
    )

    assert html.count('value="1800"></progress></td><td>1,000 / 2,000 rows') == 2
    assert ">loading<" in html
    assert "4,000 rows/s, 0:00:01 left" in html


def test_a_notebook_shows_them_as_plain_html():
    assert bars_html(HALF) == (
        "<table>"
        '<tr><td style="text-align: left">orders</td><td><progress max="2000" value="1000"></progress></td>'
        "<td>1,000 / 2,000 rows</td><td>500 rows/s, 0:00:02 left</td></tr>"
        '<tr><td style="text-align: left">&quot;a&lt;b&quot;</td><td><progress max="1" value="0"></progress></td>'
        "<td>0 / 0 rows</td><td></td></tr>"
        '<tr><td style="text-align: left">generating</td><td><progress max="2000" value="1000"></progress></td>'
        "<td>1,000 / 2,000 rows</td><td>500 rows/s, 0:00:02 left</td></tr>"
        "</table>"
    )
