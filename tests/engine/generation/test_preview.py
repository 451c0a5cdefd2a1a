import polars as pl
import pytest

from engine.errors import GenerationError
from tests.engine.generation.lab import DAYS, PEOPLE, ROWS, VISITS, lab, previewed


def test_the_types_are_those_of_the_columns():
    frame = previewed(lab(), 3)

    assert frame.schema == {column.name: column.type.polars for column in lab().table("visits").columns}


def test_more_rows_begin_with_the_same_rows():
    assert previewed(lab(), 1100, visits=1100).head(1000).equals(previewed(lab(), 1000, visits=1000))


@pytest.mark.parametrize(("offset", "rows"), [(0, 100), (1, 1), (7_919, 100), (ROWS - 5, 5)])
def test_an_offset_shows_the_rows_that_stand_there(offset: int, rows: int):
    whole = previewed(lab(), ROWS)

    assert previewed(lab(), rows, offset=offset).equals(whole.slice(offset, rows))


def test_rows_far_beyond_the_count_are_made_as_well():
    frame = previewed(lab(), 10, offset=10**12)

    assert frame["visit_id"].to_list() == [10**12 + number for number in range(1, 11)]
    assert frame["code"].n_unique() == 10
    assert frame["person_id"].is_between(1, 300).all()


def test_reordering_columns_changes_none():
    assert previewed(lab(VISITS[::-1]), 1000).select(previewed(lab(), 0).columns).equals(previewed(lab(), 1000))


def test_adding_a_column_changes_no_other():
    added = {"name": "added", "data_type": "INT", "min_value": 0, "max_value": 9}

    assert previewed(lab([added, *VISITS]), 1000).drop("added").equals(previewed(lab(), 1000))


def test_removing_a_column_changes_no_other():
    assert previewed(lab(VISITS[:1] + VISITS[4:]), 1000).equals(previewed(lab(), 1000).drop("person_id", "day", "mood"))


@pytest.mark.parametrize("rows", [0, 1])
def test_no_rows_and_one_row(rows: int):
    frame = previewed(lab(), rows)

    assert frame.height == rows
    assert frame.equals(previewed(lab(), 10).head(rows))


def test_the_same_seed_makes_the_same_rows():
    assert previewed(lab(), 500, seed=7).equals(previewed(lab(), 500, seed=7))


def test_another_seed_changes_every_random_column():
    one, other = previewed(lab(), 200, seed=1), previewed(lab(), 200, seed=2)

    assert [name for name in one.columns if one[name].equals(other[name])] == ["visit_id"]


@pytest.mark.parametrize("column", ["visits", "people", "days"])
def test_every_table_has_rows(column: str):
    columns = {"visits": VISITS, "people": PEOPLE, "days": DAYS}[column]

    assert previewed(lab(), 5, table=column).columns == [each["name"] for each in columns]


def test_keys_are_values_of_their_parents():
    frame = previewed(lab(), 5000)

    assert set(frame["person_id"]) <= set(previewed(lab(), 300, table="people")["person_id"])
    assert set(frame["day"]) <= set(previewed(lab(), 40, table="days")["day"])


@pytest.mark.parametrize("rows", [-1, 1_000_001, True, 1.5])
def test_a_number_of_rows_out_of_range_is_rejected(rows: int):
    with pytest.raises(GenerationError, match="not a number of rows") as caught:
        previewed(lab(), rows, visits=10)

    assert caught.value.where == "rows"


@pytest.mark.parametrize("offset", [-1, 2**62 + 1, True])
def test_an_offset_out_of_range_is_rejected(offset: int):
    with pytest.raises(GenerationError, match="not an offset"):
        previewed(lab(), 1, offset=offset)


def test_the_greatest_offset_has_its_row():
    columns = [{"name": "x", "data_type": "INT", "min_value": 1, "max_value": 6}]

    assert previewed(lab(columns), 1, offset=2**62)["x"].to_list()[0] in range(1, 7)
    assert previewed(lab(columns), 1, offset=2**62)["x"].dtype == pl.Int32
