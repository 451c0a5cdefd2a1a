"""`python -m app`: serve the pages and the REST API on this machine."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8501


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; return the exit code, 1 when the address cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m app", description="Serve the DW Simulator app and its REST API.")
    parser.add_argument("--host", default=DEFAULT_HOST, help=f"address to listen on (default {DEFAULT_HOST})")
    parser.add_argument("--port", type=_port, default=DEFAULT_PORT, help=f"port (default {DEFAULT_PORT}; 0: any free)")
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")
    options = parser.parse_args(arguments)
    problem = address_fault(options.host, options.port)
    if problem:
        print(f"Error: {problem}", file=sys.stderr)
        return 1
    return serve(options.host, options.port, opens_browser=not options.no_browser)


def serve(host: str, port: int, *, opens_browser: bool = False) -> int:
    """Run the server on a free address; blocks."""
    from engine import WorkbenchError

    try:
        from app.asgi import create_app, options
        from app.start_message import print_address

        app = create_app(host, on_ready=lambda: print_address(host, opens_browser=opens_browser))
    except WorkbenchError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    with suppress(KeyboardInterrupt):  # Ctrl+C ends the server normally
        app.run(config=options(host, port))
    return 0


def address_fault(host: str, port: int) -> str:
    """Return why a server cannot listen on this address, empty when it can."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        return f"{host} is not an address of this machine. Use --host 127.0.0.1."
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return f"Port {port} is in use by another program. Choose another one: --port {port + 1}."
        if error.errno == errno.EACCES:
            return f"Port {port} needs more rights. Choose one from 1024 to 65535 with --port."
        return f"{host}:{port} cannot be used: {error.strerror}."
    return ""


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else -1
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: 0 to 65535.")
    return port


if __name__ == "__main__":
    sys.exit(main())
