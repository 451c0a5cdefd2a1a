"""The page that explains the API: the description at /openapi.json, drawn by a script of our own.

Ready-made viewers load scripts and fonts from other hosts or weigh a megabyte; this one is three small files, and its
policy lets the browser load nothing from anywhere else.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

router = APIRouter(include_in_schema=False)

_FOLDER = Path(__file__).with_name("docs_page")
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


@router.get("/docs")
def page() -> FileResponse:
    """Return the page."""
    return FileResponse(_FOLDER / "page.html", media_type="text/html; charset=utf-8", headers=_HEADERS)


@router.get("/docs/page.js")
def script() -> FileResponse:
    """Return the script that draws the description."""
    return FileResponse(_FOLDER / "page.js", media_type="text/javascript; charset=utf-8", headers=_HEADERS)


@router.get("/docs/page.css")
def style() -> FileResponse:
    """Return the page's look, light and dark."""
    return FileResponse(_FOLDER / "page.css", media_type="text/css; charset=utf-8", headers=_HEADERS)
