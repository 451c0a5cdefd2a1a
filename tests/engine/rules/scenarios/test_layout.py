"""The rows of scenarios: their number, their inverse, and that they never meet."""

import duckdb
import pytest

from engine.rules.scenarios.layout import make_layout
from engine.rules.stages import Stages
from engine.schema.files import read_schema
from engine.schema.models import TableSchema

ROWS = 5000


def table_of(*scenarios: dict, rows: int = 0) -> TableSchema:
    column = {"name": "id", "data_type": "INT", "is_unique": True}
    named = [{"name": f"s{number}", **one} for number, one in enumerate(scenarios)]
    given = [[number] for number in range(rows)]
    table = {"name": "t", "target_rows": ROWS, "columns": [column], "scenarios": named, "rows": given}
    return read_schema({"name": "lab", "tables": [table]}).tables[0]


KINDS = [
    [{"share": 0.01}],
    [{"share": 0.3}, {"share": 0.07}, {"share": 0.5}],
    [{"rows": 3}, {"share": 0.9}],
    [{"share": 1e-9}, {"share": 0.2, "rows": 40}],
    [{"rows": number + 1} for number in range(100)],
]


def lanes_of(layout, rows: int):
    stages = Stages()
    lane, turn = layout.find(stages, stages.row)
    return stages.frame(0, rows, [stages.row.alias("row"), lane.alias("lane"), turn.alias("turn")]).collect()


@pytest.mark.parametrize("scenarios", KINDS)
@pytest.mark.parametrize("given", [0, 13])
def test_the_rows_of_a_scenario_are_those_that_are_found(scenarios, given):
    layout = make_layout(table_of(*scenarios, rows=given))
    found = lanes_of(layout, ROWS)
    for number, lane in enumerate(layout.lanes):
        rows = found.filter(found["lane"] == number).sort("turn")
        assert rows["row"].to_list() == layout.rows(lane, ROWS, ROWS).tolist()
        for count in (0, 1, given, given + 5, 777, ROWS):
            assert layout.count(lane, count) == len(rows.filter(rows["row"] < count))
        condition = layout.condition_sql(lane, "range")
        told = duckdb.sql(f"select range from range({ROWS}) where {condition}").pl()["range"]
        assert told.to_list() == rows["row"].sort().to_list()


@pytest.mark.parametrize("scenarios", KINDS)
def test_the_first_block_has_a_row_of_each(scenarios):
    layout = make_layout(table_of(*scenarios))
    assert all(layout.count(lane, layout.size) >= 1 for lane in layout.lanes)
    assert layout.size <= 4 * max(8, len(scenarios) / 0.1)


def test_a_share_is_exact_over_blocks_and_rows_limit_it():
    layout = make_layout(table_of({"share": 0.013}, {"rows": 4}, {"share": 0.5, "rows": 6}))
    assert [layout.count(lane, 10**9) for lane in layout.lanes] == [pytest.approx(13 * 10**6, abs=2), 4, 6]


def test_places_do_not_repeat_from_block_to_block():
    layout = make_layout(table_of({"share": 0.125}, {"share": 0.01}))
    rows = layout.rows(layout.lanes[0], 10**6, 1000)
    assert len(set((rows % layout.size).tolist())) == layout.size
