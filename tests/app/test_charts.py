import struct
from xml.etree import ElementTree

import altair as alt
import polars as pl
import pytest

from app.charts import fit_to_page, render_picture


@pytest.fixture
def bars() -> alt.Chart:
    frame = pl.DataFrame({"x": ["north", "south"], "y": [3.0, 5.0]})
    return alt.Chart(frame, title="sales by side", width="container").mark_bar().encode(x="x:N", y="y:Q")


def test_the_svg_has_the_text_of_the_chart_and_no_external_references(bars: alt.Chart):
    svg = ElementTree.fromstring(render_picture(bars, "svg"))

    words = {element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")}
    assert {"sales by side", "north", "south"} <= words
    assert not [element for element in svg.iter() if element.tag.endswith(("script", "image", "style"))]


def test_the_png_has_two_pixels_per_point(bars: alt.Chart):
    png = render_picture(bars, "png")

    width, height = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert width > 2 * 960
    assert height > 2 * 480


def test_the_note_is_returned_for_the_page_and_drawn_in_the_picture(bars: alt.Chart):
    noted = bars.properties(title=alt.TitleParams("sales by side", subtitle="the first 2 of 9 rows"))

    drawn, note = fit_to_page(noted, is_narrow=False)

    assert note == "the first 2 of 9 rows"
    assert drawn.to_dict()["title"] == {"text": "sales by side"}
    assert b"the first 2 of 9 rows" in render_picture(noted, "svg")


def test_a_long_title_wraps_in_half_a_page(bars: alt.Chart):
    long = bars.properties(title=alt.TitleParams("sum of shipping_fee by month of ordered_at and status"))

    narrow, wide = (fit_to_page(long, is_narrow=is_narrow)[0].to_dict()["title"]["text"] for is_narrow in (True, False))

    assert narrow == ["sum of shipping_fee by month of ordered_at", "and status"]
    assert wide == "sum of shipping_fee by month of ordered_at and status"
    assert fit_to_page(long, is_narrow=False, has_title=False)[0].to_dict()["title"]["text"] == ""
