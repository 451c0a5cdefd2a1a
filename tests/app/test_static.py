"""The static files of the app."""

from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "app" / "static"


def test_the_logo_needs_no_font_of_the_machine():
    logo = (STATIC / "logo.svg").read_text("utf-8")

    assert "<text" not in logo
    assert "font-family" not in logo
