import pytest

from engine.errors import GenerationError
from engine.generation.requested_counts import check_seed, row_counts
from engine.rules.keys.table_rows import followed_tables
from engine.schema.files import read_schema
from engine.schema.limits import MAX_ROWS
from engine.schema.models import ExperimentSchema


@pytest.fixture
def schema() -> ExperimentSchema:
    columns = [{"name": "x", "data_type": "INT"}]
    return read_schema(
        {
            "name": "shop",
            "tables": [
                {"name": "orders", "target_rows": 50, "columns": columns},
                {"name": "Lines", "schema_name": "sales", "target_rows": 0, "columns": columns},
                {"name": "notes", "columns": columns},
            ],
        }
    )


def test_the_schema_says_how_many_by_default(schema: ExperimentSchema):
    assert row_counts(schema, None) == {"orders": 50, "sales.Lines": 0, "notes": 1000}


def test_one_number_is_for_all_tables(schema: ExperimentSchema):
    assert row_counts(schema, 7) == {"orders": 7, "sales.Lines": 7, "notes": 7}


@pytest.mark.parametrize("name", ["sales.Lines", "Lines", "lines", "SALES.LINES"])
def test_a_table_goes_by_any_of_its_names(schema: ExperimentSchema, name: str):
    assert row_counts(schema, {name: 3}) == {"orders": 50, "sales.Lines": 3, "notes": 1000}


def test_every_fault_is_reported_at_once(schema: ExperimentSchema):
    with pytest.raises(GenerationError) as caught:
        row_counts(schema, {"order": 1, "notes": -1, "lines": MAX_ROWS + 1})

    assert caught.value.message.splitlines() == [
        'rows: There is no table "order". Did you mean "orders"?',
        "notes: -1 is not a number of rows. Use 0 to 1,000,000,000,000.",
        "sales.Lines: 1000000000001 is not a number of rows. Use 0 to 1,000,000,000,000.",
    ]


def test_one_fault_has_its_place_and_hint(schema: ExperimentSchema):
    with pytest.raises(GenerationError) as caught:
        row_counts(schema, {"notes": -1})

    error = caught.value
    assert (error.where, error.message) == ("notes", "-1 is not a number of rows.")
    assert error.hint == "Use 0 to 1,000,000,000,000."


@pytest.mark.parametrize("rows", [-1, True, 1.5, "10"])
def test_only_whole_numbers_from_0_are_rows(schema: ExperimentSchema, rows: object):
    with pytest.raises(GenerationError, match="is not a number of rows"):
        row_counts(schema, rows)


@pytest.mark.parametrize("seed", [0, 42, 2**63 - 1])
def test_a_seed_is_a_whole_number_of_63_bits(seed: int):
    assert check_seed(seed) == seed


@pytest.mark.parametrize("seed", [-1, 2**63, True, 1.0, "42"])
def test_anything_else_is_no_seed(seed: object):
    with pytest.raises(GenerationError, match="is not a seed") as caught:
        check_seed(seed)

    assert caught.value.where == "seed"


def test_tables_that_follow_others_are_known():
    key = {"references_table": "a", "references_column": "id", "fan_out": [1, 3]}
    rows_of_its_own = {
        "name": "c",
        "target_rows": 5,
        "columns": [{"name": "a", "data_type": "INT", "foreign_key": key}],
    }
    schema = ExperimentSchema.model_validate(
        {
            "name": "x",
            "tables": [
                {"name": "a", "columns": [{"name": "id", "data_type": "INT", "is_unique": True}]},
                {"name": "b", "columns": [{"name": "a", "data_type": "INT", "foreign_key": key}]},
                rows_of_its_own,
            ],
        }
    )

    assert followed_tables(schema) == {"b": "a"}
