"""The README is true: its commands and code run as written, and nothing that people can set or call is left out."""

import json
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.main import get_command
from typer.testing import CliRunner

import engine
from app.api import create_api
from engine.cli import app as command_line

PROJECT = Path(__file__).resolve().parents[1]
README = (PROJECT / "README.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PICTURE = re.compile(r'"(app/static/[^"]+\.png)"')
LINK = re.compile(r"\]\(([^)#]+)\)")


def blocks(language: str) -> list[str]:
    return [text for found, text in BLOCK.findall(README) if found == language]


def commands(program: str) -> list[list[str]]:
    """The command lines that begin with a program, split into their words."""
    lines = "".join(blocks("bash")).splitlines()
    return [shlex.split(line, comments=True) for line in lines if line.startswith(f"{program} ")]


def subcommands() -> Iterator[tuple[str, ...]]:
    for name, command in get_command(command_line).commands.items():
        inner = getattr(command, "commands", None)
        yield from ((name, each) for each in inner) if inner else [(name,)]


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to run the examples in, with the schemas that they use."""
    folder = tmp_path / "clone"
    shutil.copytree(PROJECT / "schemas", folder / "schemas")
    monkeypatch.chdir(folder)
    return folder


def test_the_commands_run_in_order(clone: Path):
    runner = CliRunner()
    for words in commands("dw-sim"):
        result = runner.invoke(command_line, words[1:])
        assert result.exit_code == 0, f"{shlex.join(words)}\n{result.output}\n{result.exception!r}"

    made = ["board.html", "by_two", "count.sql", "for_snowflake", "orders.csv", "sample.zip", "schemas"]
    assert sorted(path.name for path in clone.iterdir()) == made
    assert len((clone / "orders.csv").read_text("utf-8").splitlines()) == 100_001


def test_the_python_code_runs_in_order(clone: Path, capsys: pytest.CaptureFixture[str]):
    names: dict[str, object] = {}
    for number, code in enumerate(blocks("python"), 1):
        exec(compile(code, f"README, Python block {number}", "exec"), names)

    assert "COMPLETED" in capsys.readouterr().out
    assert len((clone / "channels.csv").read_text("utf-8").splitlines()) == 5


def test_the_requests_are_answered_in_order(clone: Path, workbench_of_home: engine.Workbench):
    with TestClient(create_api(workbench_of_home), base_url="http://localhost:8501") as client:
        for words in commands("curl"):
            method, path, body = request_of(words)
            answer = client.request(method, path, content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code in (200, 201, 202), f"{shlex.join(words)}\n{answer.text}"
            if path.endswith("/generate"):
                wait_for_the_run(client, f"/experiments/saas/runs/{answer.json()['id']}")
            if path.endswith("/export"):
                wait_for_the_run(client, f"/experiments/saas/exports/{answer.json()['id']}")
            if path.endswith("/execute"):
                assert answer.text.splitlines()[1] == "2000"


@pytest.fixture
def workbench_of_home(home: Path) -> Iterator[engine.Workbench]:
    with engine.Workbench(home) as workbench:
        yield workbench


def request_of(words: list[str]) -> tuple[str, str, bytes]:
    """The method, the path inside the API, and the body of a curl command."""
    options = dict(zip(words[2::2], words[3::2], strict=True))
    data = options.get("-d", "").encode()
    body = Path(data[1:].decode()).read_bytes() if data.startswith(b"@") else data
    host, _, path = words[1].partition("/api")
    assert host == "localhost:8501"
    return options.get("-X", "POST" if body else "GET"), path, body


def wait_for_the_run(client: TestClient, path: str) -> None:
    from time import monotonic, sleep

    deadline = monotonic() + 120
    while client.get(path).json()["status"] == "RUNNING" and monotonic() < deadline:
        sleep(0.02)


def test_the_schemas_are_two():
    schemas = [engine.read_schema(text) for text in blocks("json") if "tables" in json.loads(text)]

    assert [schema.name for schema in schemas] == ["tickets", "relations"]


def test_the_schema_can_be_filled(home: Path):
    with engine.Workbench(home) as workbench:
        run = workbench.create(blocks("json")[0]).generate(seed=1)

    assert run.row_counts == {"events": 200, "sales": 5000}


def test_what_other_rows_say_agrees(home: Path):
    schema = next(text for text in blocks("json") if '"relations"' in text)
    query = next(text for text in blocks("sql") if "from order_items" in text)
    with engine.Workbench(home) as workbench:
        experiment = workbench.create(schema)
        experiment.generate(seed=1)
        assert experiment.audit().passed
        assert experiment.query(query).frame.height == 0
        assert "price" not in experiment.preview("order_items").columns
        spread = "select corr(c.income, c.spent), max(c.orders) from customers c"
        together, most = experiment.query(spread).frame.row(0)

    assert together > 0.1
    assert most > 5


def test_both_first_commands_are_one_line_each_and_start_alike():
    app, tests = (line for line in "".join(blocks("bash")).splitlines() if "venv" in line)
    setup = "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt"

    assert app == f"{setup} && .venv/bin/python -m app"
    assert tests == f'{setup} -e ".[dev]" && .venv/bin/python -m pytest -n 2 --dist loadfile'


def test_requirements_pin_what_the_package_needs():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = (PROJECT / "requirements.txt").read_text("utf-8").splitlines()
    pinned = [line.partition("==")[0] for line in lines if "==" in line]

    assert lines[-1] == "-e ."
    assert pinned == project["dependencies"]
    assert all("==" in line for name in ("dev", "notebook") for line in project["optional-dependencies"][name])


def test_every_command_is_shown():
    missing = [command for command in subcommands() if " ".join(("dw-sim", *command)) not in README]

    assert missing == []


def test_every_setting_is_explained():
    rows = re.findall(r"^\| `(DW_SIM_\w+)` \| ([^|]+) \|", README, re.MULTILINE)

    assert [name for name, _ in rows] == [f"DW_SIM_{field.name.upper()}" for field in fields(engine.Settings)]
    defaults = {f"DW_SIM_{field.name.upper()}": field.default for field in fields(engine.Settings)}
    assert all(float(shown) == defaults[name] for name, shown in rows if isinstance(defaults[name], int | float))


def test_every_link_leads_to_a_file():
    files = [target for target in LINK.findall(README) if "://" not in target]

    assert len(files) > 3
    assert [target for target in files if not (PROJECT / target).exists()] == []


def test_every_page_is_shown_in_small_pictures_light_and_dark():
    pages = [path.stem for path in (PROJECT / "app" / "app_pages").glob("[!_]*.py")]
    pictures = [f"app/static/pictures/{page}-{theme}.png" for page in pages for theme in ("light", "dark")]

    assert sorted(PICTURE.findall(README)) == sorted(pictures)
    assert all((PROJECT / picture).stat().st_size < 60_000 for picture in pictures)
    assert {path.name for path in (PROJECT / "app" / "static").rglob("*.png")} == {Path(each).name for each in pictures}


def test_the_published_json_schema_is_the_one_of_the_models():
    published = json.loads((PROJECT / "schemas" / "experiment.schema.json").read_text("utf-8"))

    assert published == engine.json_schema()


@pytest.mark.parametrize("page", ["README.md", "engine/README.md", "tests/README.md"])
def test_every_file_that_is_named_exists(page: str):
    named = set(re.findall(r"`([\w./]+\.(?:py|md|json))`", (PROJECT / page).read_text("utf-8")))
    files = [
        path.relative_to(PROJECT).as_posix()
        for top in ("app", "engine", "schemas", "tests")
        for path in (PROJECT / top).rglob("*.*")
    ]

    missing = {name for name in named if not any(f"/{file}".endswith(f"/{name}") for file in files)}
    assert missing - {"experiment.json", "run.json", ".vscode/settings.json", "/api/openapi.json"} == set()
