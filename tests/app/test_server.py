"""`python -m app` in its own process: pages and API at one address."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

MAIN = Path(__file__).resolve().parents[2] / "app" / "main.py"

# Written into a `sitecustomize.py`: logs each address outside this machine that a process contacts.
_LISTENING = """
import os
import sys

def _write(event, arguments):
    if event not in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        return
    address = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments
    if not isinstance(address, tuple) or address[0] in (None, "127.0.0.1", "localhost", "::1"):
        return
    with open(os.environ["OUTSIDE_LOG"], "a") as file:
        file.write(f"{event} {address}\\n")

sys.addaudithook(_write)
"""


def _start(home: Path, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    listening = folder / "listening"
    listening.mkdir(exist_ok=True)
    (listening / "sitecustomize.py").write_text(_LISTENING)
    paths = os.pathsep.join(filter(None, [str(listening), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        arguments,
        cwd=folder,
        env=os.environ | {"DW_SIM_HOME": str(home), "PYTHONPATH": paths, "OUTSIDE_LOG": str(_outside_log(folder))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _outside_log(folder: Path) -> Path:
    return folder / "outside.txt"


def _command(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


COMMANDS = {
    "dw-sim serve": (_command("dw-sim"), "serve", "--port", "0"),
    "streamlit run": (_command("streamlit"), "run", str(MAIN), "--server.port", "0"),
}


@pytest.fixture(scope="module", params=COMMANDS)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server started by each command, in a folder that has another `app`."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "app.py").write_text("raise SystemExit('the wrong app')")
    process = _start(folder / "home", folder, *COMMANDS[request.param])
    assert process.stdout is not None
    line = process.stdout.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert address, f"{line}{process.communicate(timeout=120)}"
    yield address[0], process
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == (1 if "Aborted!" in errors else 0)  # so Streamlit's command ends at Ctrl+C
    assert "Traceback" not in output + errors
    assert not _outside_log(folder).exists(), _outside_log(folder).read_text()


def test_pages_and_api_share_one_address(server: tuple[str, subprocess.Popen[str]]):
    address, _ = server

    with urlopen(f"{address}/_stcore/health") as response:
        assert response.read() == b"ok"
    with urlopen(f"{address}/") as response:
        assert b'<div id="root">' in response.read()
    with urlopen(f"{address}/api/experiments") as response:
        assert json.load(response)["experiments"] == []


def test_openapi_has_the_address_of_the_api(server: tuple[str, subprocess.Popen[str]]):
    address, _ = server

    with urlopen(f"{address}/api/openapi.json") as response:
        document = json.load(response)

    assert document["servers"] == [{"url": "/api"}]
    assert "/experiments/{name}/generate" in document["paths"]


def test_an_unknown_route_of_the_api_is_not_a_page(server: tuple[str, subprocess.Popen[str]]):
    address, _ = server

    with pytest.raises(HTTPError) as raised:
        urlopen(f"{address}/api/nothing")

    assert raised.value.code == 404
    assert json.load(raised.value)["error"] == "No route /api/nothing."


@pytest.mark.parametrize("path", ["/", "/api/experiments", "/_stcore/health"])
def test_pages_and_api_respond_only_to_their_own_host(server: tuple[str, subprocess.Popen[str]], path: str):
    address, _ = server

    with pytest.raises(HTTPError) as raised:
        urlopen(Request(f"{address}{path}", headers={"Host": "evil.example"}))

    assert raised.value.code == 400
    raised.value.close()


def _status(address: str, method: str, path: str, headers: dict[str, str]) -> int:
    """Return the status of a request with exactly these headers, `{own}` being host and port of the server."""
    own = address.removeprefix("http://")
    port = own.rpartition(":")[2]
    connection = HTTPConnection(own, timeout=120)
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
    {"Origin": "http://{own}.evil.example"},
    {"Origin": "http://localhost:{port}.evil.example"},
    {"Origin": "http://{own}@evil.example"},
    {"Origin": "http://evil.example#{own}"},
    {"Origin": "http://{own}0"},
    {"Origin": "http://0.0.0.0:{port}"},
    {"Origin": "http://[::1]:{port}"},
    {"Origin": "http://localhost:8502", "Host": "localhost:{port}"},
    {"Origin": "http://{own}", "Host": "localhost:{port}"},
    {"Origin": "file://"},
    {"Origin": "chrome-extension://abcdefgh"},
    {"Origin": "http://{own}", "Sec-Fetch-Site": "same-site"},
    {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "http://evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
]
OWN = [
    {},
    {"Origin": "http://{own}"},
    {"Origin": "HTTP://{own}", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "http://localhost:{port}", "Host": "localhost:{port}"},
    {"Origin": "HTTP://LOCALHOST:{port}", "Host": "LocalHost:{port}"},
]
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
def test_own_pages_and_programs_are_allowed(server: tuple[str, subprocess.Popen[str]], headers: dict[str, str]):
    address, _ = server

    assert _status(address, "GET", "/_stcore/stream", _HANDSHAKE | headers) == 101
    assert _status(address, "DELETE", "/api/experiments/none", headers) == 404


PATHS = [
    *("/", "/query", "/no/page", "/_stcore/health", "/_stcore/nothing", "/favicon.png", "/static/nothing.js"),
    *("/media/nothing.csv", "/component/nothing/index.html", "/api/experiments", "/api/docs", "/api/nothing"),
    *("/api/experiments/none", "/api/query/files/none/csv"),
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", ["{own}", "evil.example"])
def test_every_response_forbids_framing(server: tuple[str, subprocess.Popen[str]], path: str, host: str):
    address, _ = server
    request = Request(f"{address}{path}", headers={"Host": host.format(own=address.removeprefix("http://"))})

    assert_guarded(_headers(request))


def test_static_files_and_refusals_have_the_headers_too(server: tuple[str, subprocess.Popen[str]]):
    address, _ = server
    with urlopen(f"{address}/") as response:
        (script,) = set(re.findall(r'src="[./]*(static/js/index[^"]*)"', response.read().decode()))

    for request in (
        Request(f"{address}/{script}"),
        Request(f"{address}/", method="HEAD"),
        Request(f"{address}/", method="POST"),
        Request(f"{address}/api/experiments", data=b"{", headers={"Content-Type": "application/json"}),
        Request(f"{address}/api/experiments/none", method="DELETE", headers={"Origin": "null"}),
    ):
        assert_guarded(_headers(request))


def _headers(request: Request) -> Message:
    try:
        response = urlopen(request)
    except HTTPError as error:
        response = error
    with response:
        return response.headers


def assert_guarded(headers: Message) -> None:
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-eval" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert headers["Permissions-Policy"]


def test_the_settings_file_has_the_fixed_options():
    from app.asgi import _CONFIG_FILE, _FIXED_OPTIONS, _flatten

    from_file = dict(_flatten(tomllib.loads(_CONFIG_FILE.read_text("utf-8"))))

    assert from_file.items() >= _FIXED_OPTIONS.items()
    assert _FIXED_OPTIONS["runner.magicEnabled"] is False
    assert from_file["server.address"] == "127.0.0.1"
    assert "server.allowedHosts" not in from_file  # `HostGuard` checks the host


def test_a_port_in_use_is_reported(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = _start(tmp_path, tmp_path, sys.executable, "-m", "app", "--port", str(port))
        output, errors = process.communicate(timeout=120)

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
def test_an_impossible_address_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, word: str
):
    from app.__main__ import main

    try:
        exit_code = main(arguments)
    except SystemExit as stopped:
        exit_code = int(str(stopped.code))

    assert exit_code == code
    assert word in capsys.readouterr().err


@pytest.mark.parametrize("host", ["0.0.0.0", "localhost"])
def test_streamlit_run_keeps_the_settings_in_any_folder(tmp_path: Path, host: str):
    _, *arguments = COMMANDS["streamlit run"]
    process = _start(tmp_path, tmp_path, sys.executable, "-um", "streamlit", *arguments, "--server.address", host)
    assert process.stdout is not None
    line = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=120)

    assert re.match(r"DW Simulator is at http://localhost:\d+ ", line), line + output + errors
    assert (output + errors).strip() in ("", "Aborted!")
    assert not _outside_log(tmp_path).exists(), _outside_log(tmp_path).read_text()


def test_streamlit_run_reports_in_one_line_why_it_cannot_start(tmp_path: Path):
    (tmp_path / "home").write_text("not a folder")
    process = _start(tmp_path / "home", tmp_path, *COMMANDS["streamlit run"])
    output, errors = process.communicate(timeout=30)

    assert process.returncode == 1
    assert output == ""
    assert re.fullmatch(r"Error: .*home.*\n", errors)
