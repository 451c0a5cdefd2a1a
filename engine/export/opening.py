"""A place by its URL."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from engine.export.object_access import StoreOptions, is_object_url
from engine.export.object_places import ObjectPlace
from engine.export.places import LocalPlace, Place


def open_place(to: str | Path, options: StoreOptions | None = None) -> Place:
    """Return the place of a folder or a URL: `s3://`, `gs://`, `az://` or `file://`.

    Raises `WorkbenchError` for a URL of another kind; nothing is sent yet.
    """
    text = str(to)
    if not isinstance(to, Path) and is_object_url(text):
        return ObjectPlace(text, options)
    return LocalPlace(Path(unquote(text.removeprefix("file://"))) if text.startswith("file://") else Path(to))
