"""The JSON bodies of requests: a key that appears twice in one object is refused, where a parser would take the last.

A route that reads its body itself checks the keys itself, with their places.
"""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request

from engine import WorkbenchError


async def check_keys(request: Request) -> None:
    """Raise `WorkbenchError` for a key that appears twice; text that is not JSON passes."""
    if getattr(request.scope.get("route"), "body_field", None) is None:
        return
    try:
        json.loads(await request.body(), object_pairs_hook=_object)
    except (ValueError, RecursionError):
        return


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            shown = key if len(key) <= 60 else f"{key[:57]}..."
            raise WorkbenchError(
                f"The key {json.dumps(shown)} appears twice in one object.", hint="Keep one of the two."
            )
        found[key] = value
    return found
