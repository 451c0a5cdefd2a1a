"""Tables show exact values where a browser's numbers or formats would not."""

import json
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import polars as pl
from streamlit.testing.v1 import AppTest


def draw(frame: pl.DataFrame) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """Draw a frame; return the values of its table and the configuration of its columns."""

    def page(frame):  # type: ignore[no-untyped-def]
        from app.components.shared.tables import frame_table

        frame_table(frame, key="table", alt="A table")

    at = AppTest.from_function(page, kwargs={"frame": frame}).run()
    assert not at.exception
    columns = json.loads(at.dataframe[0].proto.columns)
    return at.dataframe[0].value.to_dict("list"), {name: columns[name] for name in frame.columns if name in columns}


def test_a_decimal_has_all_digits_of_its_scale():
    frame = pl.DataFrame({"n": [Decimal("621.80"), None]}, schema={"n": pl.Decimal(10, 2)})

    _, columns = draw(frame)

    assert columns["n"]["type_config"]["format"] == "%.2f"


def test_numbers_too_long_for_a_browser_are_shown_exactly():
    frame = pl.DataFrame(
        {
            "big": [2**53 + 1, 5, None],
            "small": [2**53, 5, None],
            "exact": [Decimal("12345678901234567.89"), None, None],
        },
        schema={"big": pl.Int64, "small": pl.Int64, "exact": pl.Decimal(30, 2)},
    )

    values, columns = draw(frame)

    assert values["big"][:2] == ["9007199254740993", "5"]
    assert values["small"][0] == 2**53
    assert values["exact"][0] == "12345678901234567.89"
    assert columns["big"]["alignment"] == "right"


def test_timestamps_at_midnight_are_shown_as_dates():
    frame = pl.DataFrame({"month": [datetime(2019, 1, 1), None], "at": [datetime(2019, 1, 1), datetime(2019, 1, 1, 5)]})

    values, columns = draw(frame)

    assert values["month"][0] == datetime(2019, 1, 1)
    assert columns["month"]["type_config"]["format"] == "YYYY-MM-DD"
    assert "at" not in columns


def test_bytes_are_hexadecimal():
    frame = pl.DataFrame({"b": [b"\x00\xffx", b"", None, b"a" * 100]})

    values, _ = draw(frame)

    assert values["b"][:2] == ["\\x00ff78", "\\x"]
    assert values["b"][2] != values["b"][2]  # NaN, shown as NULL
    assert values["b"][3] == "\\x" + "61" * 64 + "…"


def test_fractions_of_a_second_are_shown():
    frame = pl.DataFrame(
        {
            "at": [datetime(2019, 1, 1, 5, 6, 7, 89), datetime(2019, 1, 1)],
            "time": [time(5, 6, 7, 500_000), time(5)],
        }
    )

    values, _ = draw(frame)

    assert values["at"] == ["2019-01-01 05:06:07.000089", "2019-01-01 00:00:00.000000"]
    assert values["time"][0].startswith("05:06:07.5")


def test_short_decimals_are_shown_in_full():
    frame = pl.DataFrame({"latitude": [52.520008, None], "mean": [1 / 3, 2.0], "huge": [1e20, 1.5]})

    values, columns = draw(frame)

    assert columns["latitude"]["type_config"]["format"] == "plain"
    assert "mean" not in columns
    assert values["huge"][0] == "1e+20"


def test_nan_and_infinity_are_not_shown_as_null():
    values, _ = draw(pl.DataFrame({"n": [float("nan"), float("inf"), 1.5]}))

    assert values["n"] == ["NaN", "inf", "1.5"]
