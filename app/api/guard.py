"""What stands before every request: which hosts are answered, who may change things, how long a body may be.

The server listens on this machine only and has no accounts, so a web page that its user visits is the one stranger
that can reach it. Two ways in are closed to such a page: a foreign name that resolves to 127.0.0.1 (the Host header
shows it), and a WebSocket or a request that changes something, sent from another origin (browsers mark it).
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
GREATEST_BODY_BYTES = 32 * 1024 * 1024
GREATEST_BRACKETS = 2_000_000
GREATEST_COMMAS = 5_000_000
"""Of JSON, whose reader lets nothing else happen: half a second for so many."""

_EVERY_ADDRESS = ("0.0.0.0", "::", "")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_CLOSE_POLICY_VIOLATION = 1008


def allowed_hosts(host: str) -> frozenset[str]:
    """Return the names a server that listens on `host` answers to, besides plain addresses (see `HostGuard`)."""
    own = (socket.gethostname(), socket.getfqdn()) if host in _EVERY_ADDRESS else (host,)
    return frozenset(_bare(name) for name in (*LOCAL_HOSTS, *own))


class HostGuard:
    """Refuse requests and WebSockets that were sent to a name which is not this server's (DNS rebinding).

    A server that listens on every address of the machine also answers to any numeric address: a foreign site can
    only come by a name.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self.app = app
        self.hosts = allowed_hosts(host)
        self.takes_addresses = host in _EVERY_ADDRESS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 400."""
        if scope["type"] not in ("http", "websocket") or self._is_own(Headers(scope=scope).get("host", "")):
            await self.app(scope, receive, send)
        else:
            refusal = _refusal(
                400,
                "This server does not answer to the name the request was sent to.",
                "Use the address that `dw-sim serve` printed, or start it with --host and that name.",
            )
            await _refuse(refusal, scope, receive, send)

    def _is_own(self, header: str) -> bool:
        name = _bare(_without_port(header))
        return name in self.hosts or (self.takes_addresses and _is_address(name))


class OriginGuard:
    """Refuse WebSockets, and requests that may change something, that come from another origin's page.

    Browsers name the page's origin in Origin and its relation to this server in Sec-Fetch-Site; each of them that is
    there must say that it is this server's own page: same scheme, host and port as the request was sent to. A program
    (curl, Python) sends neither and is let through; a browser never leaves Origin out of a WebSocket.

    A WebSocket is passed on without its Origin: Streamlit would check it again by asking an outside service for this
    machine's address, where scheme, port or case are spelled in another way than in Host.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        is_harmless = scope["type"] == "http" and scope["method"] in _SAFE_METHODS
        if scope["type"] not in ("http", "websocket") or is_harmless or _is_same_origin(scope):
            await self.app(_without_origin(scope) if scope["type"] == "websocket" else scope, receive, send)
        else:
            refusal = _refusal(
                403,
                "A page of another site may not change anything here.",
                "Send the request from the workbench's own pages or from a program.",
            )
            await _refuse(refusal, scope, receive, send)


class BodyGuard:
    """Refuse bodies longer than `greatest_bytes`, whether or not the request tells its length beforehand.

    JSON of too many items is refused as well, before it is read.
    """

    def __init__(self, app: ASGIApp, greatest_bytes: int = GREATEST_BODY_BYTES) -> None:
        self.app = app
        self.greatest_bytes = greatest_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body and pass it on, or answer 413."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = None if self._is_announced_too_long(Headers(scope=scope)) else await self._read(receive)
        if body is None:
            fault = f"The request is longer than {self.greatest_bytes // 1024**2} MiB."
        elif _has_many_items(body):
            fault = f"The request has more than {GREATEST_COMMAS:,} commas or {GREATEST_BRACKETS:,} brackets."
        else:
            await self.app(scope, _replay(body, receive), send)
            return
        await _refusal(413, fault, "Split the script or schema into several experiments.")(scope, receive, send)

    def _is_announced_too_long(self, headers: Headers) -> bool:
        length = headers.get("content-length", "")
        return length.isdecimal() and int(length) > self.greatest_bytes

    async def _read(self, receive: Receive) -> list[Message] | None:
        messages, size, more = [], 0, True
        while more:
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            if size > self.greatest_bytes:
                return None
            more = message.get("more_body", False)
        return messages


def _has_many_items(messages: Iterable[Message]) -> bool:
    parts: list[bytes] = [message.get("body", b"") for message in messages]
    brackets = sum(part.count(b"[") + part.count(b"{") for part in parts)
    return brackets > GREATEST_BRACKETS or sum(part.count(b",") for part in parts) > GREATEST_COMMAS


def _replay(messages: Iterable[Message], receive: Receive) -> Receive:
    waiting = iter(list(messages))

    async def replayed() -> Message:
        message = next(waiting, None)
        return await receive() if message is None else message

    return replayed


def _without_origin(scope: Scope) -> Scope:
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name.lower() != b"origin"]}


def _is_same_origin(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    if not {"same-origin", "none"}.issuperset(headers.getlist("sec-fetch-site")):
        return False
    scheme = "https" if scope["scheme"] in ("https", "wss") else "http"
    own = _authority(scheme, headers.get("host", ""))
    return all(_origin(text) == (scheme, own) for text in headers.getlist("origin"))


def _origin(text: str) -> tuple[str, str] | None:
    """Return scheme and authority of an Origin header, None for `null` and what is not an origin."""
    scheme, separator, authority = text.lower().partition("://")
    return (scheme, _authority(scheme, authority)) if separator else None


def _authority(scheme: str, text: str) -> str:
    """Return host and port in lower case, without the port that is the scheme's own."""
    return text.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ""))


def _without_port(header: str) -> str:
    if header.startswith("["):
        return header.partition("]")[0]
    return header.partition(":")[0]


def _bare(name: str) -> str:
    return name.strip("[]").rstrip(".").lower()


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _refusal(status: int, error: str, hint: str) -> JSONResponse:
    return JSONResponse({"error": error, "hint": hint}, status_code=status)


async def _refuse(refusal: JSONResponse, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await refusal(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": _CLOSE_POLICY_VIOLATION})
