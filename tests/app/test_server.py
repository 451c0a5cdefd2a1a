"""`python -m app` as a process of its own: pages and API behind one address."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest


def _start(home: Path, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        arguments,
        cwd=folder,
        env=os.environ | {"DW_SIM_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server started by `dw-sim serve` in a folder that has an `app` of its own."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "app.py").write_text("raise SystemExit('the wrong app')")
    script = Path(sys.executable).with_name("dw-sim")
    process = _start(folder / "home", folder, str(script), "serve", "--port", "0")
    assert process.stdout is not None
    line = process.stdout.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert address, f"{line}{process.communicate(timeout=5)}"
    yield address[0], process
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=15)
    assert process.returncode == 0
    assert "Traceback" not in output + errors


def test_pages_and_api_share_one_address(server: tuple[str, subprocess.Popen[str]]):
    address, _ = server

    with urlopen(f"{address}/_stcore/health") as answer:
        assert answer.read() == b"ok"
    with urlopen(f"{address}/") as answer:
        assert b'<div id="root">' in answer.read()
    with urlopen(f"{address}/api/experiments") as answer:
        assert json.load(answer)["experiments"] == []


def test_openapi_names_where_the_api_is(server: tuple[str, subprocess.Popen[str]]):
    address, _ = server

    with urlopen(f"{address}/api/openapi.json") as answer:
        document = json.load(answer)

    assert document["servers"] == [{"url": "/api"}]
    assert "/experiments/{name}/generate" in document["paths"]


def test_an_unknown_route_of_the_api_is_not_a_page(server: tuple[str, subprocess.Popen[str]]):
    address, _ = server

    with pytest.raises(HTTPError) as raised:
        urlopen(f"{address}/api/nothing")

    assert raised.value.code == 404
    assert json.load(raised.value)["error"] == "There is nothing at /api/nothing."


@pytest.mark.parametrize("path", ["/", "/api/experiments", "/_stcore/health"])
def test_pages_and_api_answer_only_to_their_own_name(server: tuple[str, subprocess.Popen[str]], path: str):
    address, _ = server

    with pytest.raises(HTTPError) as raised:
        urlopen(Request(f"{address}{path}", headers={"Host": "evil.example"}))

    assert raised.value.code == 400
    raised.value.close()


def _status(address: str, method: str, path: str, headers: dict[str, str]) -> int:
    """Return the status of a request with exactly these headers, `{own}` being host and port of the server."""
    own = address.removeprefix("http://")
    port = own.rpartition(":")[2]
    connection = HTTPConnection(own, timeout=10)
    filled = {name: value.format(own=own, port=port) for name, value in headers.items()}
    try:
        connection.request(method, path, headers=filled)
        return connection.getresponse().status
    finally:
        connection.close()


FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "https://{own}"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "http://localhost:{port}"},
    {"Origin": "http://127.0.0.1.:{port}"},
    {"Origin": "http://user@{own}"},
    {"Origin": "http://{own}/path"},
    {"Origin": "http://{own}", "Sec-Fetch-Site": "same-site"},
    {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "http://evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
]
OWN = [{}, {"Origin": "http://{own}"}, {"Origin": "HTTP://{own}", "Sec-Fetch-Site": "same-origin"}]
_HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_foreign_page_opens_no_websocket_and_changes_nothing(
    server: tuple[str, subprocess.Popen[str]], headers: dict[str, str]
):
    address, _ = server

    assert _status(address, "GET", "/_stcore/stream", _HANDSHAKE | headers) == 403
    assert _status(address, "PUT", "/_stcore/upload_file/session/file", headers) == 403
    assert _status(address, "DELETE", "/api/experiments/none", headers) == 403


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_own_pages_and_programs_are_answered(server: tuple[str, subprocess.Popen[str]], headers: dict[str, str]):
    address, _ = server

    assert _status(address, "GET", "/_stcore/stream", _HANDSHAKE | headers) == 101
    assert _status(address, "DELETE", "/api/experiments/none", headers) == 404


@pytest.mark.parametrize("path", ["/", "/query", "/_stcore/health", "/api/experiments", "/api/docs", "/api/nothing"])
@pytest.mark.parametrize("host", ["{own}", "evil.example"])
def test_every_answer_keeps_other_pages_from_framing_it(
    server: tuple[str, subprocess.Popen[str]], path: str, host: str
):
    address, _ = server
    request = Request(f"{address}{path}", headers={"Host": host.format(own=address.removeprefix("http://"))})

    try:
        answer = urlopen(request)
    except HTTPError as error:
        answer = error
    with answer:
        headers = answer.headers

    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-eval" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert headers["Permissions-Policy"]


def test_the_file_of_settings_holds_what_the_server_fixes():
    from app.asgi import _CONFIG_FILE, _FIXED_OPTIONS, _flat

    from_file = dict(_flat(tomllib.loads(_CONFIG_FILE.read_text("utf-8"))))
    shared = {name: value for name, value in _FIXED_OPTIONS.items() if name != "logger.hideWelcomeMessage"}

    assert from_file.items() >= shared.items()
    assert shared["runner.magicEnabled"] is False
    assert from_file["server.allowedHosts"] == ["127.0.0.1", "localhost", "::1"]


def test_a_port_in_use_is_a_clear_refusal(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = _start(tmp_path, tmp_path, sys.executable, "-m", "app", "--port", str(port))
        output, errors = process.communicate(timeout=30)

    assert process.returncode == 1
    assert output == ""
    assert errors == f"Error: Port {port} is in use by another program. Choose another one: --port {port + 1}.\n"


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["--host", "no.such.host.invalid"], 1, "not an address"),
        (["--host", "203.0.113.7"], 1, "cannot be used"),
        (["--port", "99999"], 2, "99999"),
    ],
)
def test_an_address_that_cannot_be_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, word: str
):
    from app.__main__ import main

    try:
        exit_code = main(arguments)
    except SystemExit as stopped:
        exit_code = int(str(stopped.code))

    assert exit_code == code
    assert word in capsys.readouterr().err


def test_streamlit_itself_keeps_the_settings_in_any_folder(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    page = Path(__file__).resolve().parents[2] / "app" / "main.py"
    process = _start(
        tmp_path, tmp_path, sys.executable, "-um", "streamlit", "run", str(page), "--server.port", str(port)
    )
    assert process.stdout is not None
    said = ""
    while "URL: " not in said and process.poll() is None:
        said += process.stdout.readline()
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=15)
    said += output + errors

    assert f"URL: http://127.0.0.1:{port}" in said
    assert "External URL" not in said
    assert "usage statistics" not in said
    assert "not a valid config option" not in said
