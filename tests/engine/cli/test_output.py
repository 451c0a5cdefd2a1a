"""What is printed to a terminal and to a pipe."""

import io
import re
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine import RunProgress, RunStatus, TableProgress
from engine.cli.annotated_table import print_annotated
from engine.cli.output import console, print_fields, print_line, print_table, print_warnings
from engine.cli.text import cell, cut, timestamp, visible
from engine.runs.terminal_bars import TerminalBars


class Screen(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True

    def lines(self) -> list[str]:
        plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.getvalue())
        return [line.rstrip() for line in plain.splitlines()]


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """A terminal of 60 columns and 10 lines."""
    for name, value in {"COLUMNS": "60", "LINES": "10", "TERM": "xterm-256color"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Screen()


def test_a_pipe_gets_tabs(capsys: pytest.CaptureFixture[str]):
    print_table(["a\tb", "n"], [["x\ny", 1234567], [None, Decimal("1.50")]])
    print_fields({"name": "shop"})
    print_warnings(["Check this."])
    print_line("done", style="green")

    assert capsys.readouterr().out == ("a\\tb\tn\nx\\ny\t1234567\nNULL\t1.50\nname\tshop\nWarning: Check this.\ndone\n")


def test_a_terminal_gets_a_grid_with_numbers_right_aligned(screen: Screen):
    with redirect_stdout(screen):
        print_table(["table", "rows"], [["orders", 1234567], ["a", 1]])

    assert screen.lines() == ["table        rows", "─────────────────", "orders  1,234,567", "a               1"]


def test_data_on_a_terminal_has_no_separators(screen: Screen):
    with redirect_stdout(screen):
        print_table(["n", "b"], [[1234567, True], [None, False]], is_data=True)

    assert screen.lines() == ["      n  b", "──────────────", "1234567  true", "   NULL  false"]


def test_wide_data_is_shown_one_value_per_line(screen: Screen):
    with redirect_stdout(screen):
        print_table(["a", "long"], [["x" * 40, "y" * 70], ["x", None]], is_data=True)

    assert screen.lines() == [
        "─── row 1 ───",
        f"a     {'x' * 40}",
        f"long  {'y' * 53}…",
        "─── row 2 ───",
        "a     x",
        "long  NULL",
    ]


def test_other_tables_are_truncated_to_the_screen(screen: Screen):
    with redirect_stdout(screen):
        print_table(["run", "error"], [[1, "e" * 100]])

    assert all(len(line) <= 60 for line in screen.lines())
    assert screen.lines()[2].endswith("…")


def test_colour_shows_on_a_terminal_only(screen: Screen):
    with redirect_stdout(screen):
        print_line("[bold]done", style="green")
        print_fields({"name": "shop", "size": "1.0 kB"})

    assert "\x1b[32m" in screen.getvalue()
    assert screen.lines() == ["[bold]done", "name  shop", "size  1.0 kB"]


def progress(rows_done: int, tables: int = 2, phase: str = "generating") -> RunProgress:
    return RunProgress(
        run_id=1,
        status=RunStatus.RUNNING,
        phase=phase,
        tables=tuple(
            TableProgress(
                table=f"t{i}",
                rows_done=rows_done if i == 0 else 0,
                rows_total=2000,
                rows_per_second=500.0,
                seconds_left=3.2,
            )
            for i in range(tables)
        ),
        rows_done=rows_done,
        rows_total=2000 * tables,
        rows_per_second=500.0,
        seconds_left=7.0,
        fraction=rows_done / 2000 / tables,
    )


def test_progress_has_a_bar_for_each_table_and_for_all(screen: Screen, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "120")

    with redirect_stderr(screen), TerminalBars(console(stderr=True)) as bars:
        bars.show(progress(1000))
        bars.show(progress(1500, phase="loading"))

    text = "\n".join(screen.lines())
    assert re.search(r"t0 .* 1,000 / 2,000 rows 500 rows/s, 0:00:03 left", text)
    assert re.search(r"loading .* 1,500 / 4,000 rows 500 rows/s, 0:00:07 left", text)


def test_with_many_tables_only_unfinished_ones_have_a_bar(screen: Screen):
    with redirect_stderr(screen), TerminalBars(console(stderr=True)) as bars:
        bars.show(progress(1000, tables=40))

    text = "\n".join(screen.lines())
    assert "t0 " in text
    assert "t7 " not in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "NULL"),
        (True, "true"),
        (1.5, "1.5"),
        (Decimal("1E+2"), "100"),
        (b"\x01\xff", "01ff"),
        (datetime(2024, 2, 29, 1, 2, 3, 4), "2024-02-29 01:02:03.000004"),
        ({"a": [1, None, Decimal("2.5")]}, '{"a": [1, null, "2.5"]}'),
        ("bell\x07 tab\t", "bell\\x07 tab\\t"),
    ],
)
def test_a_cell_is_one_line_of_text(value: object, text: str):
    assert cell(value) == text


def test_visible_keeps_the_given_characters():
    assert visible("a\n\x1b[31m", kept="\n") == "a\n\\x1b[31m"


def test_a_long_text_is_cut():
    assert [cut("abcd", 4), cut("abcde", 4)] == ["abcd", "abc…"]


def test_times_in_a_pipe_are_utc():
    assert timestamp(datetime(2024, 2, 29, 1, 2, 3, 4, tzinfo=UTC), is_local=False) == "2024-02-29 01:02:03+00:00"
    assert re.fullmatch(
        r"2024-0\d-\d\d \d\d:\d\d:03", timestamp(datetime(2024, 2, 29, 1, 2, 3, tzinfo=UTC), is_local=True)
    )


ANNOTATED = (
    ["column", "null", "values"],
    [["id", "no", "Random"], ["ended", "yes", "Expression: begun + uniform(1, 9)"]],
)


def test_reasons_stand_under_their_rows_on_a_terminal(screen: Screen):
    with redirect_stdout(screen):
        print_annotated(*ANNOTATED, ["", "After begun, by 1 to 9 days."])

    assert screen.lines() == [
        "column  null  values",
        "───────────────────────────────────────────────",
        "id      no    Random",
        "ended   yes   Expression: begun + uniform(1, 9)",
        "    After begun, by 1 to 9 days.",
    ]


def test_on_a_narrow_terminal_the_last_column_stands_under_its_row(screen: Screen, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "36")
    with redirect_stdout(screen):
        print_annotated(*ANNOTATED, ["", "After begun."])

    assert screen.lines()[2:] == [
        "id      no",
        "    values: Random",
        "ended   yes",
        "    values: Expression: begun +",
        "    uniform(1, 9)",
        "    After begun.",
    ]


def test_reasons_are_the_last_column_in_a_pipe(capsys: pytest.CaptureFixture[str]):
    print_annotated(["a", "b"], [[1, "x"], [2000, "y"]], ["", "Because."])

    assert capsys.readouterr().out == "a\tb\twhy\n1\tx\t-\n2000\ty\tBecause.\n"
