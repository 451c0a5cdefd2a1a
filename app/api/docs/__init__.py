"""The interactive API documentation: `GET /api/docs`.

The page renders /api/openapi.json with local scripts and a local style sheet. Its content security policy blocks
requests to other hosts, so it works offline and cannot leak what it shows.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

router = APIRouter(prefix="/docs", include_in_schema=False)

_FOLDER = Path(__file__).parent
_SCRIPTS = ("page.js", "route.js", "schemas.js", "elements.js")
_PARTS = dict.fromkeys(_SCRIPTS, "text/javascript") | {"page.css": "text/css"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


@router.get("")
def docs_page() -> FileResponse:
    """Return the page."""
    return FileResponse(_FOLDER / "page.html", media_type="text/html", headers=_HEADERS)


@router.get("/{part}")
def docs_part(part: str) -> FileResponse:
    """Return a script or the style sheet of the page."""
    if part not in _PARTS:
        raise HTTPException(404)
    return FileResponse(_FOLDER / part, media_type=_PARTS[part], headers=_HEADERS)
