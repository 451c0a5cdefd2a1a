"""A part of the kills of exports; `python -m tests.faults.export_kills 10 local ray spark` makes all of them."""

import pytest

from tests.faults.export_kills import VICTIMS, ExportKills


@pytest.fixture(scope="module")
def kills(tmp_path_factory: pytest.TempPathFactory) -> ExportKills:
    return ExportKills(tmp_path_factory.mktemp("exports"))


@pytest.mark.parametrize("victim", VICTIMS)
def test_an_export_outlives_its_processes(victim: str, kills: ExportKills):
    figures = kills.run("local", victim, 1)

    assert figures.is_flawless, figures
    assert figures.struck == 1
