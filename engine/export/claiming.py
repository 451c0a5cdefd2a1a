"""The claim of a place: one export, and only that one, writes to it."""

from __future__ import annotations

import json
from typing import Any

from engine.errors import ConflictError
from engine.export.layout import CLAIM, SUCCESS
from engine.export.manifest import to_bytes
from engine.export.places import Place

_NEW = "Choose a new or empty place."


def claim_place(place: Place, wanted: dict[str, Any], *, resume: bool) -> set[str]:
    """Claim a place for an export and return the names of the objects that it holds of it.

    Raises `ConflictError`, which names what is there, for a place that is not empty; with `resume` only if that is not
    the same export.
    """
    names = set(place.names())
    if not names:
        place.put(CLAIM, to_bytes(wanted))
        return set()
    if CLAIM not in names:
        raise ConflictError(
            f"The place is not empty: it has {min(names)}, which is no export.", where=place.url, hint=_NEW
        )
    found = json.loads(place.read(CLAIM))
    different = [key for key in wanted if found.get(key) != wanted[key]]
    if different:
        raise ConflictError(
            f"The place has another export: {_describe(found)}. {_difference(different[0], found, wanted)}",
            where=place.url,
            hint=_NEW,
        )
    if not resume:
        state = "is complete there" if SUCCESS in names else "was begun there"
        hint = _NEW if SUCCESS in names else "Resume it, or choose a new or empty place."
        raise ConflictError(f"This export {state}: {_describe(found)}.", where=place.url, hint=hint)
    return names


def _describe(found: dict[str, Any]) -> str:
    rows = found.get("rows")
    total = sum(rows.values()) if isinstance(rows, dict) else 0
    return f"{found.get('experiment')} as {found.get('format')}, seed {found.get('seed')}, {total:,} rows"


def _difference(key: str, found: dict[str, Any], wanted: dict[str, Any]) -> str:
    there, here = found.get(key), wanted[key]
    if isinstance(there, dict) and isinstance(here, dict):
        name = next(name for name in {**there, **here} if there.get(name) != here.get(name))
        key, there, here = f"{key} of {name}", there.get(name), here.get(name)
    if key == "schema_sha256":
        return "Its schema is another one."
    return f"Its {key.replace('_', ' ')}: {there}, now {here}."
