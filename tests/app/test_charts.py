import struct
from xml.etree import ElementTree

import altair as alt
import polars as pl
import pytest

from app.charts import picture


@pytest.fixture
def bars() -> alt.Chart:
    frame = pl.DataFrame({"x": ["north", "south"], "y": [3.0, 5.0]})
    return alt.Chart(frame, title="sales by side", width="container").mark_bar().encode(x="x:N", y="y:Q")


def test_the_svg_holds_the_words_of_the_chart_and_calls_nobody(bars: alt.Chart):
    svg = ElementTree.fromstring(picture(bars, "svg"))

    words = {element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")}
    assert {"sales by side", "north", "south"} <= words
    assert not [element for element in svg.iter() if element.tag.endswith(("script", "image", "style"))]


def test_the_png_is_twice_as_fine_as_its_size(bars: alt.Chart):
    png = picture(bars, "png")

    width, height = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert width > 2 * 960
    assert height > 2 * 480
