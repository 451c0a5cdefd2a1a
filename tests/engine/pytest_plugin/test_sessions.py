"""The fixtures in sessions of pytest of another project, which run in processes of their own."""

import json
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests.engine.conftest import SHOP
from tests.engine.pytest_plugin.test_fixtures import homes

pytest_plugins = ("pytester",)
PROJECT = Path(__file__).resolve().parents[3]
TESTS = """
    import pytest

    @pytest.fixture(scope="session")
    def shop(dw_experiment):
        return dw_experiment("schemas/shop.json", rows={"orders": 70}, seed=3)

    @pytest.mark.parametrize("again", range(4))
    def test_rows(shop, dw_connection, again):
        connection = dw_connection(shop)
        assert connection.sql("select count(*) from orders join customers using (customer_id)").fetchall() == [(70,)]
        assert dw_connection("schemas/shop.json", {"orders": 70}, seed=3).sql("from orders").fetchall() == \\
            connection.sql("from orders").fetchall()

    def test_frames(shop, dw_tables):
        import pandas, polars, pyarrow
        kinds = {"polars": polars.DataFrame, "pandas": pandas.DataFrame, "arrow": pyarrow.Table}
        for kind, frame in kinds.items():
            found = dw_tables(shop, kind=kind)
            assert list(found) == ["customers", "orders"]
            assert isinstance(found["orders"], frame)
            assert found["orders"].shape == (70, 3)
        assert list(dw_tables(shop, "orders")) == ["orders"]
"""


@pytest.fixture
def other(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """The folder of another project with a schema and tests."""
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    (pytester.path / "schemas").mkdir()
    (pytester.path / "schemas" / "shop.json").write_text(json.dumps(SHOP))
    is_installed = any(each.name == "dw-simulator" for each in entry_points(group="pytest11"))
    loading = "" if is_installed else "-p engine.pytest_plugin "
    pytester.makeini(f"[pytest]\naddopts = {loading}-p no:schemathesis -W error\n")
    pytester.makepyfile(test_shop=TESTS)
    return pytester


def test_an_experiment_is_made_once_for_all_processes_and_later_sessions(other):
    kept = other.path / ".pytest_cache" / "d" / "dw-simulator"
    other.runpytest_subprocess("-n", "2").assert_outcomes(passed=5)
    made = homes(kept)
    assert len(made) == 1

    other.runpytest_subprocess("-k", "frames").assert_outcomes(passed=1, deselected=4)
    assert homes(kept) == made
