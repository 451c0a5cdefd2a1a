"""A board as one HTML page that loads nothing: its charts are SVG, its tables HTML, and it has no script.

A page with Vega inside would have tooltips and 1 MB of scripts; without any it opens in a mail, prints, and no policy
of a browser or a server forbids it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

import polars as pl

from engine.display.wording import counted
from engine.errors import WorkbenchError
from engine.queries.board_cells import BoardCell
from engine.store.records import ExperimentRecord

SHOWN_TABLE_ROWS = 200
_COLUMN_PIXELS = 340
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE = """
.board { display: grid; gap: 20px; font: 14px/1.5 system-ui, sans-serif; color: #1b2733; }
.board section { min-width: 0; padding: 16px; border: 1px solid #d5dce3; border-radius: 8px; background: #fff; }
.board h2 { margin: 0; font-size: 16px; overflow-wrap: anywhere; }
.board p { margin: 2px 0 10px; color: #55626f; font-size: 12px; overflow-wrap: anywhere; }
.board .error { color: #a3222c; }
.board svg { display: block; width: 100%; height: auto; }
.board .rows { max-height: 340px; overflow: auto; }
.board table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
.board th { position: sticky; top: 0; background: #fff; text-align: left; border-bottom: 1px solid #9aa7b3; }
.board th, .board td { padding: 3px 12px 3px 0; white-space: pre; }
.board td { border-bottom: 1px solid #eef1f4; }
.board .number { text-align: right; }
.board .null { color: #66727e; font-style: italic; }
.board details { margin-top: 10px; font-size: 12px; color: #55626f; }
.board pre { white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 800px) { .board { display: block; } .board section { margin-bottom: 20px; } }
@media print { .board section { break-inside: avoid; } .board .rows { max-height: none; } }
"""
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
body {{ margin: 0 auto; padding: 24px; max-width: 1280px; background: #f6f8fa; font: 14px/1.5 system-ui, sans-serif; }}
h1 {{ margin: 0; font-size: 24px; color: #1b2733; overflow-wrap: anywhere; }}
.source {{ margin: 2px 0 20px; color: #55626f; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p class="source">{source}</p>
{body}
</body>
</html>
"""


def board_page(record: ExperimentRecord, cells: Sequence[BoardCell], *, columns: int) -> str:
    """Return the whole page of a board."""
    loaded = "no rows loaded" if record.loaded_run_id is None else f"run {record.loaded_run_id}"
    rows = counted(sum(record.row_counts.values()), "row")
    made = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return _PAGE.format(
        policy=_POLICY,
        title=escape(f"Board of {record.name}"),
        source=escape(f"Synthetic data: {loaded}, {rows}. Made {made}."),
        body=board_body(cells, columns=columns),
    )


def board_body(cells: Sequence[BoardCell], *, columns: int) -> str:
    """Return the grid of a board, with its style."""
    sections = "\n".join(_section(cell) for cell in cells) or "<p>Nothing is pinned yet.</p>"
    grid = f"grid-template-columns: repeat({columns}, minmax(0, 1fr))"
    return f'<style>{_STYLE}</style>\n<div class="board" style="{grid}">\n{sections}\n</div>'


def _section(cell: BoardCell) -> str:
    if cell.result is None:
        note, body = "", f'<p class="error">{escape(_sentence(cell.error))}</p>'
    elif cell.item.view == "chart":
        note, body = _chart(cell)
    else:
        note, body = _table(cell)
    return (
        f'<section style="grid-column: span {cell.item.width}"><h2>{escape(cell.query.name)}</h2>'
        f"<p>{escape(note)}</p>{body}"
        f"<details><summary>SQL</summary><pre>{escape(cell.query.sql.strip())}</pre></details></section>"
    )


def _chart(cell: BoardCell) -> tuple[str, str]:
    from engine.warehouse.charts.picture import chart_svg, chart_title

    assert cell.result is not None
    try:
        chart = cell.result.chart(**dict(cell.query.chart))
    except WorkbenchError as error:
        return "", f'<p class="error">{escape(_sentence(error))}</p>'
    title, note = chart_title(chart)
    return f"{title}. {note}" if note else title, chart_svg(chart, width=_COLUMN_PIXELS * cell.item.width)


def _table(cell: BoardCell) -> tuple[str, str]:
    assert cell.result is not None
    frame = cell.result.frame.head(SHOWN_TABLE_ROWS)
    total = f"{cell.result.row_count:,}{'+' if cell.result.truncated else ''}"
    is_cut = cell.result.truncated or cell.result.row_count > frame.height
    note = f"The first {frame.height:,} of {total} rows" if is_cut else counted(frame.height, "row")
    numeric = [dtype.is_numeric() for dtype in frame.dtypes]
    head = "".join(
        f"<th{_class(number)}>{escape(name)}</th>" for name, number in zip(frame.columns, numeric, strict=True)
    )
    rows = "".join(
        "<tr>" + "".join(_value(value, number) for value, number in zip(row, numeric, strict=True)) + "</tr>"
        for row in _texts(frame).iter_rows()
    )
    return note, f'<div class="rows" tabindex="0"><table><tr>{head}</tr>{rows}</table></div>'


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the values as texts: numbers and decimals exactly, lists and structs as Python prints them."""
    return frame.select(
        pl.Series(column.name, [None if value is None else str(value) for value in column], pl.String)
        if column.dtype.is_nested() or column.dtype == pl.Binary
        else column.cast(pl.String)
        for column in frame.iter_columns()
    )


def _value(value: Any, is_number: bool) -> str:
    if value is None:
        return '<td class="null">NULL</td>'
    return f"<td{_class(is_number)}>{escape(value)}</td>"


def _class(is_number: bool) -> str:
    return ' class="number"' if is_number else ""


def _sentence(error: WorkbenchError | None) -> str:
    return "" if error is None else f"{error.message} {error.hint}".strip()
