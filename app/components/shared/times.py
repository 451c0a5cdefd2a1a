"""Times on the pages: "29 s ago", which ticks, and local times, each with the other and UTC on hover.

The server does not know the browser's time zone: it writes UTC, and the browser side (`run_chip/browser/times.js`)
replaces the text.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from engine.display.wording import ago, timestamp


def ago_html(when: datetime) -> str:
    """Return how long ago `when` was, as Markdown with HTML."""
    return _element("ago", when, ago(when))


def local_html(when: datetime) -> str:
    """Return the time in the browser's time zone, as Markdown with HTML."""
    return _element("local", when, timestamp(when))


def local_text(when: datetime) -> str:
    """Return the time in the browser's time zone as plain text, for options that cannot hold HTML; else UTC."""
    try:
        zone = ZoneInfo(st.context.timezone or "")
    except (ValueError, ZoneInfoNotFoundError):
        return timestamp(when)
    return f"{when.astimezone(zone):%Y-%m-%d %H:%M}"


def time_caption(text: str) -> None:
    """Draw a caption that holds times; the text around them must be our own."""
    st.caption(text, unsafe_allow_html=True, width="content")


def _element(kind: str, when: datetime, text: str) -> str:
    moment = when.astimezone(UTC).isoformat(timespec="seconds")
    return f'<time class="{kind}" datetime="{moment}" title="{timestamp(when)}">{text}</time>'
