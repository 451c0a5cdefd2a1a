"""The kills of `kills.py`, fewer of them, and proof that what they are judged by can fail."""

import polars as pl
import pytest

from tests.faults.kills import Kills, missing, orphans
from tests.faults.scale import scaled
from tests.faults.worker import SHOP, opened, quietly

KILLS = scaled(60, 10)


def test_kills_at_any_moment_of_every_change_harm_nothing(tmp_path):
    figures = Kills(tmp_path).run(KILLS)
    assert (figures.kills, figures.lost_rows, figures.stuck_runs, figures.differing_resumed) == (KILLS, 0, 0, 0)
    assert (figures.orphan_files, figures.other_faults) == ([], [])
    assert figures.struck >= KILLS // 2
    assert figures.resumed >= KILLS // 2


@pytest.mark.parametrize(
    ("rows", "count"), [([[1, 2], [2, 3]], 0), ([[1, 2]], 1), ([[1, 2], [2, 4]], 1), ([[1, 2], [2, 3], [2, 3]], 1)]
)
def test_a_lost_changed_or_doubled_row_is_noticed(rows, count):
    expected = pl.DataFrame([[1, 2], [2, 3]], schema=["a", "b"], orient="row")
    found = pl.DataFrame(rows, schema=["a", "b"], orient="row")
    assert missing({"t": found}, {"t": expected}) == count


def test_a_file_that_belongs_to_nothing_is_noticed(tmp_path):
    with opened(tmp_path) as workbench:
        shop = workbench.create(SHOP)
        shop.generate(seed=1, progress=quietly)
        assert orphans(tmp_path, {"shop": shop}) == []
        folder = tmp_path / "experiments" / "shop"
        left = [
            tmp_path / "temp" / "a", folder / "runs" / "7", folder / ".x.tmp", folder / "warehouse-9.duckdb",
            folder / "else", folder / "schema-1.json", folder / "schema-7.json", tmp_path / "experiments" / "gone",
        ]  # fmt: skip
        for path in left:
            path.mkdir()
        assert {name for path in left for name in [str(path.relative_to(tmp_path))]} <= set(
            orphans(tmp_path, {"shop": shop})
        )
