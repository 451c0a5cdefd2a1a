"""`dw-sim serve`: the app and the REST API, in a process of their own (the engine never imports the app)."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 takes any free one.", min=0, max=65535)] = 8501,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the browser.")] = False,
) -> None:
    """Serve the app and the REST API (the same as `python -m app`)."""
    # -P: a folder called app where the user happens to be is not the app.
    command = [sys.executable, "-P", "-m", "app", "--host", host, "--port", str(port)]
    command += ["--no-browser"] if no_browser else []
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    raise typer.Exit(subprocess.run(command, check=False).returncode)
