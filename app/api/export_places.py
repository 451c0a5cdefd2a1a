"""Where a request may have an export written or read: only places that the server's user has named."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from engine.errors import WorkbenchError

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PARENT = "/../"


def allowed_place(to: str, allowed: Iterable[str]) -> str:
    """Return the place `to`, if it is in one of the allowed folders or URLs; else raise `WorkbenchError`.

    Links are followed first, so that none leads out of an allowed folder.
    """
    found = _find_place(to, allowed)
    if found is None:
        raise WorkbenchError(
            "The server does not export to this place.",
            where="to",
            hint="Leave it out and download the export, or start the server with the place in DW_SIM_EXPORT_PLACES.",
        )
    return found


def readable_place(place: str, allowed: Iterable[str]) -> str:
    """Return the place of an export to read, if it is in one of the allowed ones; else raise `WorkbenchError`."""
    found = _find_place(place, allowed)
    if found is None:
        raise WorkbenchError(
            "The server does not read exports from this place.",
            where="place",
            hint="Start the server with the place, or a folder above it, in DW_SIM_EXPORT_PLACES.",
        )
    return found


def _find_place(to: str, allowed: Iterable[str]) -> str | None:
    is_url = _URL.match(to) is not None
    if to and "\0" not in to:
        for place in allowed:
            if is_url == (_URL.match(place) is not None) and (_is_below(to, place) if is_url else _is_in(to, place)):
                return to if is_url else str(Path(to).expanduser().resolve())
    return None


def _is_below(to: str, place: str) -> bool:
    return to.startswith(f"{place.rstrip('/')}/") and _PARENT not in f"{to}/" and "%" not in to


def _is_in(to: str, place: str) -> bool:
    try:
        return Path(to).expanduser().resolve().is_relative_to(Path(place).expanduser().resolve())
    except (OSError, RuntimeError, ValueError):  # a name too long, a circle of links
        return False
