"""Measuring imports a script, generates its rows and judges them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.meaning.__main__ import main
from tests.meaning.measuring import measure


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "stay_snowflake.sql"
    path.write_text("create table stay (id int primary key, customer_email varchar(80) not null, note varchar(20));")
    return path


def test_a_script_is_measured_by_its_columns(script: Path):
    (found,) = measure(script, rows=20).judgements
    assert (found.kind, found.table, found.columns, found.is_right) == ("formats", "stay", ("customer_email",), True)
    assert all("@" in value for value in found.sample)


def test_a_small_key_has_as_many_rows_as_it_can(tmp_path: Path):
    path = tmp_path / "small_redshift.sql"
    path.write_text("create table kind (kind_no numeric(1,0) primary key, email varchar(80) not null);")
    measured = measure(path, rows=500)
    assert measured.problems == ()
    assert [found.kind for found in measured.judgements] == ["formats"]


def test_a_script_that_cannot_be_read_is_a_problem(tmp_path: Path):
    path = tmp_path / "empty_redshift.sql"
    path.write_text("select 1;")
    measured = measure(path)
    assert measured.judgements == ()
    assert measured.problems[0].startswith("empty_redshift.sql: ")


def test_the_command_prints_the_share_of_each_kind(script: Path, capsys: pytest.CaptureFixture[str]):
    assert main([str(script), "--rows", "20"]) == 0
    lines = [re.split(r"\s{2,}", line.strip()) for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in lines] == ["formats", "all, of 1 scripts"]
    assert lines[0][-1] == "100.0%"
