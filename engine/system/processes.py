"""Processes of the operating system."""

from __future__ import annotations

import os


def is_process_alive(process_id: int) -> bool:
    """Return whether a process of that id exists, as far as the system reports it."""
    if os.name == "nt":  # os.kill would end the process there
        return True
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
