"""Tables show exact values where a browser's numbers or formats would not."""

import json
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import polars as pl
from streamlit.testing.v1 import AppTest


def draw(frame: pl.DataFrame, *, separators: bool = False) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """Draw a frame; return the values of its table and the configuration of its columns."""

    def page(frame):  # type: ignore[no-untyped-def]
        from app.components.shared.tables import frame_table

        frame_table(frame, key="table", alt="A table")

    at = AppTest.from_function(page, kwargs={"frame": frame})
    at.session_state["_separators"] = separators
    at.run()
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


def test_floats_are_shown_with_all_their_digits():
    frame = pl.DataFrame(
        {"share": [0.12345678901, None], "mean": [1 / 3, 2.0], "tiny": [1e-9, 0.1], "huge": [1e20, 1.5]}
    )

    values, columns = draw(frame)

    assert {name: columns[name]["type_config"].get("format") for name in ("share", "mean", "tiny")} == dict.fromkeys(
        ("share", "mean", "tiny"), "%g"
    )
    assert values["huge"][0] == "1e+20"


def test_short_floats_have_no_digits_of_long_ones():
    values, _ = draw(pl.DataFrame({"n": pl.Series([0.1, 16_777_216.0, None], dtype=pl.Float32)}))

    assert values["n"][:2] == [0.1, 16_777_216.0]


def test_thousands_are_separated_on_wish():
    frame = pl.DataFrame(
        {
            "whole": [1_234_567, -5],
            "year": [2026, 1999],
            "float": [-12_345.678, 0.5],
            "price": [Decimal("12345.60"), None],
            "small": [Decimal("9999.99"), None],
            "big": [2**60, -1_000],
            "long": [Decimal("-12345678901234567.89"), None],
            "odd": [float("nan"), 1e20],
        },
        schema_overrides={"price": pl.Decimal(10, 2), "small": pl.Decimal(10, 2), "long": pl.Decimal(30, 2)},
    )

    values, columns = draw(frame, separators=True)

    formats = {name: columns.get(name, {}).get("type_config", {}).get("format") for name in frame.columns[:5]}
    assert formats == {"whole": "%,d", "year": None, "float": "%,g", "price": "%,.2f", "small": "%.2f"}
    assert values["big"] == ["1,152,921,504,606,846,976", "-1,000"]
    assert values["long"][0] == "-12,345,678,901,234,567.89"
    assert values["odd"] == ["NaN", "1e+20"]


def test_the_choice_of_separators_is_read_from_the_browser():
    def page():  # type: ignore[no-untyped-def]
        from unittest.mock import patch

        import streamlit as st

        from app.components.shared.number_format import NUMBERS_COOKIE, separators_toggle, uses_separators

        with patch.object(type(st.context), "cookies", {NUMBERS_COOKIE: "grouped"}):
            separators_toggle("here")
            st.text(str(uses_separators()))

    at = AppTest.from_function(page).run()
    assert (at.toggle[0].value, at.text[0].value) == (True, "True")

    at.toggle[0].set_value(False).run()
    assert at.text[0].value == "False"


def test_nan_and_infinity_are_not_shown_as_null():
    values, _ = draw(pl.DataFrame({"n": [float("nan"), float("inf"), 1.5]}))

    assert values["n"] == ["NaN", "inf", "1.5"]


def test_structs_maps_and_lists_of_them_are_shown_alike():
    frame = pl.DataFrame(
        {
            "struct": [{"a": 1, "b": Decimal("1.50")}, None],
            "map": [{"x": 1, "ü": None}, None],
            "of maps": [[{"x": 1}, {}], []],
            "of structs": [[{"a": 1, "b": Decimal("2")}], None],
            "numbers": [[1, 2], None],
        },
        schema={
            "struct": (struct := pl.Struct({"a": pl.Int32, "b": pl.Decimal(5, 2)})),
            "map": (mapping := pl.Map(pl.String, pl.Int32)),
            "of maps": pl.List(mapping),
            "of structs": pl.List(struct),
            "numbers": pl.List(pl.Int32),
        },
    )

    values, _ = draw(frame)

    assert values["struct"][:1] == ['{"a": 1, "b": 1.5}']
    assert values["map"][:1] == ['{"x": 1, "ü": null}']
    assert values["of maps"] == ['[{"x": 1}, {}]', "[]"]
    assert values["of structs"][:1] == ['[{"a": 1, "b": 2}]']
    assert list(values["numbers"][0]) == [1, 2]
