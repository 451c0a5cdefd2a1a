"""The start message: the address of the app, printed when it is ready."""

from __future__ import annotations

import os
import sys
import webbrowser

from streamlit import config


def print_address(host: str, *, opens_browser: bool = False) -> None:
    """Print the address, and open it in a browser if `opens_browser` and this machine has a screen."""
    shown = "localhost" if host in ("0.0.0.0", "::", "") else host
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{config.get_option('server.port')}"
    print(f"DW Simulator is at {address} (REST API at {address}/api/docs). Stop it with Ctrl+C.", flush=True)
    has_screen = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if opens_browser and has_screen and sys.stdout.isatty():
        webbrowser.open(address)
