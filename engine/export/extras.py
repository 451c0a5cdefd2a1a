"""Libraries that only some formats need: imported when such a format is written, and named when they are missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from engine.errors import WorkbenchError


def import_extra(module: str, format_name: str, extra: str = "export") -> Any:
    """Return a module of an extra; raises `WorkbenchError` that names the extra if it is not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        raise WorkbenchError(
            f"The format {format_name} needs the library {module.partition('.')[0]}, which is not installed.",
            where="format",
            hint=f"Install it: pip install 'dw-simulator[{extra}]'",
        ) from error
