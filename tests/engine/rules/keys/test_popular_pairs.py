"""Composite keys with a popularity and no fan-out: every pair at most once, shares as declared."""

import pytest

from engine.errors import RuleError
from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.schema.files import read_schema
from tests.engine.rules.keys.test_baskets import IDENTITY, to, zipf


def enrolments(students, courses, *more, popularity=None, key=("student_id", "course_id")):
    columns = [to("students", "student_id"), to("courses", "course_id", distribution=popularity or zipf(1.1)), *more]
    return read_schema(
        {
            "name": "school",
            "tables": [
                {"name": "students", "target_rows": students, "columns": [IDENTITY]},
                {"name": "courses", "target_rows": courses, "columns": [IDENTITY]},
                {"name": "enrolments", "primary_key": list(key), "columns": columns},
            ],
        }
    )


def drawn(schema, rows, offset=0, count=None):
    counts = row_counts(schema, {"enrolments": rows})
    return preview(schema, schema.table("enrolments"), rows=count or rows, offset=offset, seed=3, counts=counts)


@pytest.mark.parametrize(
    ("students", "courses", "rows"), [(10, 1, 10), (1_000, 50, 3_000), (60_000, 50, 200_000), (9_000, 10**6, 50_000)]
)
def test_pairs_are_different_and_popular(students, courses, rows):
    found = drawn(enrolments(students, courses, popularity=zipf(1.0)), rows)
    assert found.n_unique() == rows
    shares = found["course_id"].value_counts(sort=True)["count"] / rows
    assert shares[0] == pytest.approx(1 / sum(1 / rank for rank in range(1, courses + 1)), rel=0.1)
    assert found["student_id"].n_unique() > 0.85 * min(students, rows)


def test_a_preview_and_a_longer_run_begin_with_the_same_rows():
    schema = enrolments(30_000, 50)
    whole = drawn(schema, 40_000)
    assert whole[16_380:16_390].equals(drawn(schema, 40_000, 16_380, 10))
    assert whole[:1_000].equals(drawn(schema, 1_000))


def test_a_column_without_bounds_counts_within_the_popular_parent():
    schema = enrolments(500, 50, {"name": "seat", "data_type": "INT"}, key=["course_id", "seat"])
    found = drawn(schema, 20_000)
    assert found.select("course_id", "seat").n_unique() == 20_000
    assert found["student_id"].n_unique() == 500
    assert found["seat"].min() == 1


def test_another_distribution_of_the_whole_range():
    normal = {"type": "normal", "parameters": {"mean": 0.5, "stddev": 0.2}}
    assert drawn(enrolments(5_000, 30, popularity=normal), 10_000).n_unique() == 10_000
    even = {"type": "uniform"}
    assert drawn(enrolments(20, 30, popularity=even), 600).n_unique() == 600


def test_more_rows_than_the_popularity_allows_are_refused():
    with pytest.raises(RuleError, match=r"enrolments\.course_id: 4,500 rows with different \(student_id, course_id\) "
                                        r"cannot follow its distribution: after \d,\d\d\d rows"):  # fmt: skip
        drawn(enrolments(1_000, 50), 4_500)


def test_two_popularities_need_a_fan_out():
    schema = enrolments(
        100, 50, to("students", "tutor_id", distribution=zipf(1)), key=["student_id", "course_id", "tutor_id"]
    )
    with pytest.raises(RuleError, match=r"Only one column of the key .* can have a distribution"):
        drawn(schema, 10)
