"""Routes of the board: saved queries shown as charts and tables."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.api.errors import error_responses
from app.api.experiments import SharedWorkbench
from app.api.exploring_responses import BoardItemResponse, BoardResponse
from app.api.requests import PinRequest

router = APIRouter(prefix="/experiments/{name}", tags=["exploring"])
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_PAGE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "The page"}
}


@router.get("/board", responses=error_responses(404))
def show_board(workbench: SharedWorkbench, name: str) -> BoardResponse:
    """List the saved queries on the board, in order."""
    items = workbench[name].board().items
    return BoardResponse(items=[BoardItemResponse.model_validate(item) for item in items])


@router.get("/board.html", response_model=None, responses=error_responses(404) | _PAGE)
def export_board(workbench: SharedWorkbench, name: str) -> HTMLResponse:
    """Return the board as one HTML page that loads nothing, computed from the loaded data."""
    return HTMLResponse(workbench[name].board().html(), headers={"Content-Security-Policy": _POLICY})


@router.post("/board", responses=error_responses(404, 409, 422))
def pin_query(workbench: SharedWorkbench, name: str, request: PinRequest) -> BoardItemResponse:
    """Put a saved query on the board, last; one that is there gets the width."""
    item = workbench[name].board().pin(request.query, request.view, width=request.width)
    return BoardItemResponse.model_validate(item)


@router.delete("/board/{query}", status_code=204, responses=error_responses(404, 422))
def unpin_query(
    workbench: SharedWorkbench, name: str, query: str, view: Literal["chart", "table"] | None = None
) -> None:
    """Take a saved query off the board, in one view or in both."""
    workbench[name].board().unpin(query, view)
