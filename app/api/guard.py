"""Checks before every request: allowed hosts, allowed origins and the size of the body.

The server listens on this machine only and has no accounts, so the attacker to expect is a web page in its user's
browser. Two attacks are blocked: a foreign host name that resolves to 127.0.0.1 (visible in the Host header), and a
WebSocket or a request with side effects from another origin (browsers mark it).
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
MAX_BODY_BYTES = 32 * 1024 * 1024
MAX_BRACKETS = 2_000_000
MAX_COMMAS = 5_000_000
"""Limits of JSON, whose parser blocks everything else: these take half a second."""

_EVERY_ADDRESS = ("0.0.0.0", "::", "")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_CLOSE_POLICY_VIOLATION = 1008


def allowed_hosts(host: str) -> frozenset[str]:
    """Return the host names accepted by a server that listens on `host`; addresses: see `HostGuard`."""
    own = (socket.gethostname(), socket.getfqdn()) if host in _EVERY_ADDRESS else (host,)
    return frozenset(_normalize_host(name) for name in (*LOCAL_HOSTS, *own))


class HostGuard:
    """Reject requests and WebSockets sent to a host name that is not this server's (DNS rebinding).

    A server that listens on every address also accepts any numeric address: DNS rebinding needs a name.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self.app = app
        self.hosts = allowed_hosts(host)
        self.accepts_addresses = host in _EVERY_ADDRESS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or respond with 400."""
        if scope["type"] not in ("http", "websocket") or self._is_own(Headers(scope=scope).get("host", "")):
            await self.app(scope, receive, send)
        else:
            response = _build_error(
                400,
                "The host name of the request is not allowed.",
                "Use the address that `dw-sim serve` printed, or start it with --host and that name.",
            )
            await _reject(response, scope, receive, send)

    def _is_own(self, header: str) -> bool:
        name = _normalize_host(_strip_port(header))
        return name in self.hosts or (self.accepts_addresses and _is_address(name))


class OriginGuard:
    """Reject WebSockets, and requests that may change something, from pages of another origin.

    Browsers name the page's origin in Origin and its relation to this server in Sec-Fetch-Site; each one that is
    present must match this server: the same scheme, host and port as the request. A program (curl, Python) sends
    neither and is accepted; a browser always sends Origin with a WebSocket.

    A WebSocket is passed on without its Origin: Streamlit would check it again by requesting this machine's
    address from an external service, when scheme, port or case differ from Host.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or respond with 403."""
        is_harmless = scope["type"] == "http" and scope["method"] in _SAFE_METHODS
        if scope["type"] not in ("http", "websocket") or is_harmless or _is_same_origin(scope):
            await self.app(_drop_origin(scope) if scope["type"] == "websocket" else scope, receive, send)
        else:
            response = _build_error(
                403,
                "Requests from pages of other sites are not allowed.",
                "Send the request from the workbench's own pages or from a program.",
            )
            await _reject(response, scope, receive, send)


class BodyGuard:
    """Reject bodies longer than `max_bytes`, with or without a Content-Length header.

    JSON with too many items is also rejected, before it is parsed.
    """

    def __init__(self, app: ASGIApp, max_bytes: int = MAX_BODY_BYTES) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body and pass it on, or respond with 413."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = None if self._has_large_content_length(Headers(scope=scope)) else await self._read(receive)
        if body is None:
            fault = f"The request is longer than {self.max_bytes // 1024**2} MiB."
        elif _has_many_items(body):
            fault = f"The request has more than {MAX_COMMAS:,} commas or {MAX_BRACKETS:,} brackets."
        else:
            await self.app(scope, _replay_messages(body, receive), send)
            return
        await _build_error(413, fault, "Split the script or schema into several experiments.")(scope, receive, send)

    def _has_large_content_length(self, headers: Headers) -> bool:
        length = headers.get("content-length", "")
        return length.isdecimal() and int(length) > self.max_bytes

    async def _read(self, receive: Receive) -> list[Message] | None:
        messages, size, more = [], 0, True
        while more:
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            if size > self.max_bytes:
                return None
            more = message.get("more_body", False)
        return messages


def _has_many_items(messages: Iterable[Message]) -> bool:
    parts: list[bytes] = [message.get("body", b"") for message in messages]
    brackets = sum(part.count(b"[") + part.count(b"{") for part in parts)
    return brackets > MAX_BRACKETS or sum(part.count(b",") for part in parts) > MAX_COMMAS


def _replay_messages(messages: Iterable[Message], receive: Receive) -> Receive:
    buffered = iter(list(messages))

    async def receive_replayed() -> Message:
        message = next(buffered, None)
        return await receive() if message is None else message

    return receive_replayed


def _drop_origin(scope: Scope) -> Scope:
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name.lower() != b"origin"]}


def _is_same_origin(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    if not {"same-origin", "none"}.issuperset(headers.getlist("sec-fetch-site")):
        return False
    scheme = "https" if scope["scheme"] in ("https", "wss") else "http"
    own = _authority(scheme, headers.get("host", ""))
    return all(_parse_origin(text) == (scheme, own) for text in headers.getlist("origin"))


def _parse_origin(text: str) -> tuple[str, str] | None:
    """Return scheme and authority of an Origin header, None for `null` or an invalid one."""
    scheme, separator, authority = text.lower().partition("://")
    return (scheme, _authority(scheme, authority)) if separator else None


def _authority(scheme: str, text: str) -> str:
    """Return host and port in lower case, without the default port of the scheme."""
    return text.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ""))


def _strip_port(header: str) -> str:
    if header.startswith("["):
        return header.partition("]")[0]
    return header.partition(":")[0]


def _normalize_host(name: str) -> str:
    return name.strip("[]").rstrip(".").lower()


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _build_error(status: int, error: str, hint: str) -> JSONResponse:
    return JSONResponse({"error": error, "hint": hint}, status_code=status)


async def _reject(response: JSONResponse, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await response(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": _CLOSE_POLICY_VIOLATION})
