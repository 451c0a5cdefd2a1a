"""Checks of JSON request bodies: a duplicate key is an error, where a parser would silently use the last one.

A route that reads its body itself checks the keys itself, with their positions.
"""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request

from engine import WorkbenchError


async def check_keys(request: Request) -> None:
    """Raise `WorkbenchError` for a duplicate key; text that is not JSON passes."""
    if getattr(request.scope.get("route"), "body_field", None) is None:
        return
    try:
        json.loads(await request.body(), object_pairs_hook=_build_object)
    except (ValueError, RecursionError):
        return


def _build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            shown = key if len(key) <= 60 else f"{key[:57]}..."
            raise WorkbenchError(f"Duplicate key {json.dumps(shown)} in a JSON object.", hint="Remove one of the two.")
        found[key] = value
    return found
