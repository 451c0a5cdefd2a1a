import pytest

from engine.errors import RuleError
from engine.generation.preview import preview
from engine.generation.writer import Hooks, plan_run, write_run
from engine.rules.rule_checks import check_rules
from tests.engine.rules.building import frame_of, schema_of

ZERO_AT_1500 = schema_of(
    t=[
        {"name": "id", "data_type": "INT", "is_unique": True},
        {"name": "share", "data_type": "DOUBLE", "expression": "1000 / (id - 1500)"},
        {"name": "twice", "data_type": "DOUBLE", "expression": "share * 2"},
    ]
)


def test_a_run_with_a_bad_row_names_the_column_and_leaves_no_files(tmp_path):
    assert check_rules(ZERO_AT_1500) == []
    hooks = Hooks(on_rows=lambda table, rows: None, is_cancelled=lambda: False)
    with pytest.raises(RuleError, match=r"t\.share: 1000 / \(id - 1500\) divides by zero in some rows") as raised:
        write_run(plan_run(ZERO_AT_1500, 1, {"t": 5_000}), lambda key: tmp_path / key, chunk_rows=1_000, hooks=hooks)
    assert raised.value.where == "t.share"
    assert [path.name for path in (tmp_path / "t").glob("part-*")] == ["part-00000.parquet"]


def test_rows_before_and_after_a_bad_one_can_be_previewed():
    table = ZERO_AT_1500.tables[0]
    for offset in (0, 1_500):
        assert preview(ZERO_AT_1500, table, rows=100, offset=offset, seed=1, counts={"t": 5_000}).height == 100


def test_an_expression_of_a_json_column_makes_json():
    def json_of(expression: str) -> list:
        columns = [{"name": "id", "data_type": "INT", "is_unique": True}]
        columns.append({"name": "x", "data_type": "VARIANT", "expression": expression})
        return frame_of(schema_of(t=columns), "t", 2)["x"].to_list()

    assert json_of("'{\"a\": ' || id || '}'") == ['{"a": 1}', '{"a": 2}']
    assert json_of("id") == ["1", "2"]
    assert json_of("'null'") == ["null", "null"]
    with pytest.raises(RuleError, match=r"t\.x: 'x' is not JSON in some rows"):
        json_of("'x'")
