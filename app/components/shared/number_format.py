"""Thousands separators in tables, on wish: the choice is kept in a cookie of the browser, for every page.

Columns without a number of five digits stay as they are, so that years read as years.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import polars as pl
import streamlit as st

NUMBERS_COOKIE = "dw_simulator_numbers"
_GROUPED = "grouped"
_CHOICE = "_separators"
_FROM = 10_000
_SCRIPT = """
export default function ({ data }) {
  document.cookie = `${data.name}=${data.choice}; Path=/; Max-Age=34560000; SameSite=Strict`
}
"""


def uses_separators() -> bool:
    """Return whether this browser shows thousands separators."""
    chosen: bool | None = st.session_state.get(_CHOICE)
    return st.context.cookies.get(NUMBERS_COOKIE) == _GROUPED if chosen is None else chosen


def separators_toggle(place: str) -> None:
    """Draw the toggle; `place` tells those of several pages apart."""
    key = f"separators:{place}"
    st.toggle(
        "1,000s",
        value=uses_separators(),
        key=key,
        help="Thousands separators in all tables of this browser.",
        on_change=lambda: st.session_state.update({_CHOICE: st.session_state[key]}),
    )
    if _CHOICE in st.session_state:
        with st.container(key=f"separators_kept:{place}", height=1, border=False):
            choice = _GROUPED if uses_separators() else "plain"
            _component()(key=f"separators_cookie:{place}", data={"name": NUMBERS_COOKIE, "choice": choice}, height=1)


def has_thousands(column: pl.Series) -> bool:
    """Return whether any number of a column has five digits before its decimal point."""
    finite = column.filter(column.is_finite()) if column.dtype.is_float() else column
    smallest: Any = finite.min()
    largest: Any = finite.max()
    return smallest is not None and max(-int(smallest), int(largest)) >= _FROM


def group_digits(numbers: pl.Series) -> pl.Series:
    """Return numbers that are texts with commas between their thousands; `NaN` and exponents stay as they are."""
    parts = pl.col("n").str.extract_groups(r"^(?<sign>-?)(?<whole>\d+)(?<rest>.*)$")
    backwards = parts.struct.field("whole").str.reverse().str.replace_all(r"(\d{3})", "$1,")
    whole = backwards.str.strip_suffix(",").str.reverse()
    grouped = pl.concat_str(parts.struct.field("sign"), whole, parts.struct.field("rest"))
    return pl.DataFrame({"n": numbers}).select(grouped.fill_null(pl.col("n")).alias(numbers.name))[numbers.name]


@cache
def _component() -> Any:
    return st.components.v2.component("number_format", html="<span hidden></span>", js=_SCRIPT)
