"""A schema that was found sound is not checked again, and any doubt about it means that it is."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import engine
from engine.errors import SchemaError
from engine.review.sources import read_source
from engine.rules import rule_checks
from engine.system.disk_cache import use_folder

TABLES = [{"name": "t", "columns": [{"name": "a", "data_type": "VARCHAR(20)", "faker_rule": "first_name"}]}]
SOUND: dict[str, Any] = {"name": "lab", "tables": TABLES}
FAULTY = {"name": "lab", "tables": [{"name": "t", "columns": [
    {"name": "a", "data_type": "INT", "expression": "nowhere + 1"}]}]}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    use_folder(tmp_path / "cache")
    yield tmp_path / "cache"
    use_folder(None)


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the schemas whose rules are compiled."""
    names: list[str] = []
    check = rule_checks.check_rules
    monkeypatch.setattr(
        rule_checks, "check_rules", lambda schema, *rest: names.append(schema.name) or check(schema, *rest)
    )
    return names


def test_a_sound_schema_is_checked_once_under_any_name(checks: list[str]):
    read_source(SOUND)
    read_source(SOUND, name="other")
    read_source(read_source({**SOUND, "description": "A lab."}))

    assert checks == ["lab"]


def test_another_row_count_is_another_schema(checks: list[str]):
    read_source(SOUND)
    read_source({"name": "lab", "tables": [{**TABLES[0], "target_rows": 7}]})

    assert checks == ["lab", "lab"]


def test_a_schema_with_problems_is_checked_each_time(checks: list[str]):
    for _ in range(2):
        with pytest.raises(SchemaError, match="nowhere"):
            read_source(FAULTY)

    assert checks == ["lab", "lab"]


def test_a_damaged_record_is_ignored(folder: Path, checks: list[str]):
    read_source(SOUND)
    (record,) = folder.glob("sound-*.bin")
    record.write_bytes(b"sound")
    read_source(SOUND)

    assert checks == ["lab", "lab"]


def test_creating_a_sound_schema_needs_neither_rules_nor_polars(tmp_path: Path):
    with engine.Workbench(tmp_path / "home") as workbench:
        workbench.create(SOUND)
    heavy = ("engine.rules.compiler", "polars", "numpy", "scipy", "sqlglot", "faker", "rich")
    code = (
        "import sys, engine\n"
        f"engine.Workbench({str(tmp_path / 'home')!r}).create({SOUND!r}, name='other')\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert result.stdout == "[]\n"
