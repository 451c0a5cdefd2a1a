"""The audit: generated data passes, and every check fails on data that violates it."""

from contextlib import ExitStack

import pytest

import engine
from engine.warehouse.audit.column_checks import pattern_regex
from engine.warehouse.audit.shares import is_plausible
from tests.engine.warehouse.audit.damage import damaged

YEAR = {"date_start": "2024-01-01", "date_end": "2024-12-31"}
LAB = {
    "name": "lab",
    "tables": [
        {
            "name": "people",
            "target_rows": 400,
            "columns": [
                {"name": "person_id", "data_type": "INT", "is_unique": True},
                {"name": "Odd \" name", "quoted": True, "data_type": "VARCHAR(5)"},
                {"name": "boss_id", "data_type": "INT", "required": False,
                 "foreign_key": {"references_table": "people", "references_column": "person_id",
                                 "root_fraction": 0.1}},
            ],
        },
        {
            "name": "rooms",
            "target_rows": 60,
            "columns": [
                {"name": "room_id", "data_type": "INT", "is_unique": True},
                {"name": "floor", "data_type": "INT", "min_value": 1, "max_value": 10},
                {"name": "door", "data_type": "INT", "min_value": 1, "max_value": 12},
            ],
            "composite_keys": [["floor", "door"]],
        },
        {
            "name": "visits",
            "target_rows": 2000,
            "columns": [
                {"name": "visit_id", "data_type": "BIGINT", "is_unique": True},
                {"name": "floor", "data_type": "INT", "required": False},
                {"name": "door", "data_type": "INT", "required": False},
                {"name": "code", "data_type": "VARCHAR(10)", "pattern": "##-??.\\#"},
                {"name": "mood", "data_type": "VARCHAR(8)", "values": ["good", "it's", "bad"], "weights": [5, 3, 1]},
                {"name": "rare", "data_type": "REAL", "values": [0.1, 0.7], "weights": [1, 999]},
                {"name": "grade", "data_type": "DECIMAL(4,2)", "required": False, "min_value": 1.5, "max_value": 9.75},
                {"name": "ratio", "data_type": "REAL", "min_value": 0.1, "max_value": 0.7},
                {"name": "is_paid", "data_type": "BOOLEAN", "probability": 0.2},
                {"name": "is_rarely", "data_type": "BOOLEAN", "probability": 0.001, "required": False,
                 "null_fraction": 0.95},
                {"name": "day", "data_type": "DATE", **YEAR, "weekday_weights": [1, 1, 1, 1, 1, 0, 0]},
                {"name": "happened", "data_type": "TIMESTAMP", **YEAR, "hour_weights": [0] * 8 + [1] * 10 + [0] * 6},
                {"name": "noted", "data_type": "TIMESTAMPTZ", "timestamp_start": "2024-01-01T06:00:00",
                 "timestamp_end": "2024-01-02T06:00:00"},
                {"name": "heard", "data_type": "TIMESTAMP", "timestamp_start": "2024-06-01T00:00:00+02:00",
                 "timestamp_end": "2024-06-01T01:00:00+02:00"},
                {"name": "clock", "data_type": "TIME", "time_start": "08:00:00", "time_end": "17:30:00"},
                {"name": "raw", "data_type": "BINARY(8)"},
            ],
            "foreign_keys": [
                {"columns": ["floor", "door"], "references_table": "rooms", "references_columns": ["floor", "door"],
                 "nullable": True, "null_fraction": 0.3},
            ],
        },
        {
            "name": "badges",
            "target_rows": 300,
            "columns": [
                {"name": "badge_id", "data_type": "INT", "is_unique": True},
                {"name": "number", "data_type": "DECIMAL(9,2)", "sequence": {"start": 10.5, "step": -0.25}},
                {"name": "made_on", "data_type": "DATE", "is_unique": True, "sequence": {"start": "2024-01-31"}},
                {"name": "made_at", "data_type": "TIMESTAMPTZ", "required": False,
                 "sequence": {"start": "2024-01-01T00:00:00", "step": 0.5}},
                {"name": "checked", "data_type": "TIME", "sequence": {"start": "08:00", "step": 60}},
                {"name": "person_id", "data_type": "INT", "required": False,
                 "foreign_key": {"references_table": "people", "references_column": "person_id", "unique": True}},
            ],
        },
        {
            "name": "lines",
            "columns": [
                {"name": "person_id", "data_type": "INT",
                 "foreign_key": {"references_table": "people", "references_column": "person_id", "fan_out": [1, 4]}},
                {"name": "line", "data_type": "INT", "line_number_of": "person_id"},
            ],
            "composite_keys": [["person_id", "line"]],
        },
        {
            "name": "few",
            "target_rows": 150,
            "columns": [
                {"name": "person_id", "data_type": "INT", "required": False,
                 "foreign_key": {"references_table": "people", "references_column": "person_id", "fan_out": [1, 3]}},
                {"name": "line", "data_type": "INT", "line_number_of": "person_id"},
            ],
        },
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The experiment with its data, and a function that audits it after SQL changes to its warehouse file."""
    with engine.Workbench(tmp_path_factory.mktemp("audit")) as workbench:
        lab = workbench.create(LAB)
        lab.generate(seed=1, progress=lambda progress: None)
        yield lab


@pytest.fixture
def broken(made):
    """Change the loaded data by SQL, audit it, and restore it."""
    with ExitStack() as damages:
        yield lambda *statements: damages.enter_context(damaged(made, *statements))


def failing(audit):
    return [(finding.check, finding.table, finding.column) for finding in audit.failures]


def test_generated_data_passes(made):
    audit = made.audit()
    assert audit.passed, audit.failures
    assert (audit.experiment, audit.run_id) == ("lab", 1)
    assert audit.frame.columns == ["check", "table", "column", "expected", "found", "passed"]
    assert audit.frame.height == len(audit.findings) > 80
    assert repr(audit).endswith("checks, passed)")


def test_empty_tables_pass(made):
    made.reset()
    try:
        audit = made.audit()
        assert audit.passed, audit.failures
        assert audit.run_id is None
    finally:
        made.load()


def test_every_kind_of_check_runs(made):
    assert {finding.check for finding in made.audit().findings} == {
        *("row_count", "type", "not_null", "null_share", "min_value", "max_value", "length", "allowed_values"),
        *("weights", "pattern", "probability", "date_start", "date_end", "timestamp_start", "timestamp_end"),
        *("time_start", "time_end", "weekday_weights", "hour_weights", "unique", "composite_unique", "foreign_key"),
        *("composite_foreign_key", "null_together", "one_to_one", "fan_out", "line_number"),
        *("sequence", "sequence_unique"),
    }


ONE = "where rowid = 7"


@pytest.mark.parametrize(
    ("statement", "check", "table", "column"),
    [
        ("delete from visits where rowid = 7", "row_count", "visits", ""),
        ("alter table visits alter ratio type double", "type", "visits", "ratio"),
        ("alter table visits alter grade type decimal(5,2)", "type", "visits", "grade"),
        ("alter table visits alter noted type timestamp", "type", "visits", "noted"),
        (f'update people set "Odd "" name" = null {ONE}', "not_null", "people", 'Odd " name'),
        (f'update people set "Odd "" name" = \'longer\' {ONE}', "length", "people", 'Odd " name'),
        (f"update visits set raw = repeat('x', 9)::blob {ONE}", "length", "visits", "raw"),
        ("update visits set grade = 5 where grade is null", "null_share", "visits", "grade"),
        ("update visits set grade = null where rowid < 300", "null_share", "visits", "grade"),
        ("update people set boss_id = person_id where boss_id is null", "null_share", "people", "boss_id"),
        ("update people set boss_id = null where rowid < 120", "null_share", "people", "boss_id"),
        (f"update visits set grade = 1.49 {ONE}", "min_value", "visits", "grade"),
        (f"update visits set grade = 9.76 {ONE}", "max_value", "visits", "grade"),
        (f"update visits set ratio = 0.0999 {ONE}", "min_value", "visits", "ratio"),
        (f"update visits set ratio = 'nan' {ONE}", "max_value", "visits", "ratio"),
        (f"update visits set mood = 'Good' {ONE}", "allowed_values", "visits", "mood"),
        ("update visits set mood = 'bad' where rowid < 200", "weights", "visits", "mood"),
        ("update visits set rare = 0.7::real where rare = 0.1::real; update visits set rare = 0.1 where rowid < 30",
         "weights", "visits", "rare"),
        (f"update visits set code = '12-Ab.#' {ONE}", "pattern", "visits", "code"),
        (f"update visits set code = '12-AB.1' {ONE}", "pattern", "visits", "code"),
        (f"update visits set code = '12-ABx#' {ONE}", "pattern", "visits", "code"),
        (f"update visits set code = '12-AB.#' || chr(10) {ONE}", "pattern", "visits", "code"),
        ("update visits set is_paid = true where rowid < 300", "probability", "visits", "is_paid"),
        ("update visits set is_rarely = true where is_rarely is not null", "probability", "visits", "is_rarely"),
        (f"update visits set day = '2023-12-29' {ONE}", "date_start", "visits", "day"),
        (f"update visits set day = '2025-01-01' {ONE}", "date_end", "visits", "day"),
        (f"update visits set day = '2024-06-01' {ONE}", "weekday_weights", "visits", "day"),
        (f"update visits set happened = '2023-12-31 09:59:59' {ONE}", "date_start", "visits", "happened"),
        (f"update visits set happened = '2025-01-01 10:00:00' {ONE}", "date_end", "visits", "happened"),
        (f"update visits set happened = '2024-05-05 18:00:00' {ONE}", "hour_weights", "visits", "happened"),
        (f"update visits set noted = '2024-01-01 05:59:59.999999+00' {ONE}", "timestamp_start", "visits", "noted"),
        (f"update visits set noted = '2024-01-02 06:00:00.000001+00' {ONE}", "timestamp_end", "visits", "noted"),
        (f"update visits set clock = '07:59:59' {ONE}", "time_start", "visits", "clock"),
        (f"update visits set clock = '17:30:01' {ONE}", "time_end", "visits", "clock"),
        (f"update visits set visit_id = (select visit_id from visits where rowid = 8) {ONE}",
         "unique", "visits", "visit_id"),
        ("update rooms set floor = (select floor from rooms where rowid = 8), door = (select door from rooms"
         " where rowid = 8) where rowid = 7",
         "composite_unique", "rooms", "floor, door"),
        ("update people set boss_id = -1 where rowid = (select max(rowid) from people where boss_id is not null)",
         "foreign_key", "people", "boss_id"),
        ("update visits set door = 99 where rowid = (select max(rowid) from visits where door is not null)",
         "composite_foreign_key", "visits", "floor, door"),
        ("update visits set door = null where rowid = (select max(rowid) from visits where door is not null)",
         "null_together", "visits", "floor, door"),
        ("update badges set person_id = (select max(person_id) from badges)"
         " where rowid in (select rowid from badges where person_id is not null limit 1)",
         "one_to_one", "badges", "person_id"),
        (f"update badges set number = 10.51 {ONE}", "sequence", "badges", "number"),
        (f"update badges set number = 10.75 {ONE}", "sequence", "badges", "number"),
        (f"update badges set number = 10.25 {ONE}", "sequence_unique", "badges", "number"),
        (f"update badges set made_on = date '2024-11-26' {ONE}", "sequence", "badges", "made_on"),
        (f"update badges set made_at = made_at + interval 1 millisecond {ONE}", "sequence", "badges", "made_at"),
        (f"update badges set checked = '07:59' {ONE}", "sequence", "badges", "checked"),
        ("update lines set person_id = (select min(person_id) from lines) where rowid < 20",
         "fan_out", "lines", "person_id"),
        ("delete from lines where person_id = (select min(person_id) from lines)", "fan_out", "lines", "person_id"),
        ("update few set person_id = 5 where rowid < 20", "fan_out", "few", "person_id"),
        ("update lines set line = line + 1 where person_id = (select min(person_id) from lines)",
         "line_number", "lines", "line"),
        ("update lines set line = 1", "line_number", "lines", "line"),
        ("update few set line = 1", "line_number", "few", "line"),
    ],
)  # fmt: skip
def test_a_violated_constraint_is_found(broken, statement, check, table, column):
    release = [
        *("drop not null" for _ in ()),
        f'alter table {table} alter column "{column.replace(chr(34), chr(34) * 2)}" drop not null',
    ]
    statements = [*(release if check == "not_null" else ()), *statement.split("; ")]
    audit = broken(*statements)
    assert (check, table, column) in failing(audit)
    assert not audit.passed
    assert "FAILED" in repr(audit)


def test_the_rows_that_fail_can_be_listed(made, broken):
    audit = broken(
        f"update visits set grade = 1.49, code = 'nope', mood = 'x' {ONE}",
        f"update visits set visit_id = (select visit_id from visits where rowid = 8) {ONE}",
        "update lines set person_id = 100000 where rowid = 3",
    )
    rows = {finding.check: made.query(finding.failing_sql).row_count for finding in audit.failures}
    assert rows == {
        "min_value": 1, "pattern": 1, "allowed_values": 1, "unique": 2, "foreign_key": 1,
        "line_number": rows["line_number"],
    }  # fmt: skip
    found = {finding.check: finding.found for finding in audit.failures}
    assert (found["unique"], found["pattern"], found["foreign_key"]) == ("1 duplicated", "1 row", "1 row")


def test_one_change_fails_one_check(broken):
    assert failing(broken(f"update visits set clock = '07:59:59' {ONE}")) == [("time_start", "visits", "clock")]


@pytest.mark.parametrize(
    ("count", "rows", "share", "is_fine"),
    [
        (0, 0, 0.5, True),
        (0, 100, 0.0, True),
        (1, 10**9, 0.0, False),
        (100, 100, 1.0, True),
        (99, 100, 1.0, False),
        (50, 100, 0.5, True),
        (80, 100, 0.5, True),
        (90, 100, 0.5, False),
        (1, 1000, 1e-6, True),
        (8, 1000, 1e-3, True),
        (20, 1000, 1e-3, False),
        (50_000, 10**6, 0.05, True),
        (51_500, 10**6, 0.05, False),
        (48_500, 10**6, 0.05, False),
        (0, 1000, 0.01, True),
        (0, 10_000, 0.01, False),
    ],
)
def test_shares_that_are_plausible(count, rows, share, is_fine):
    assert is_plausible(count, rows, share) is is_fine


def test_extreme_but_plausible_counts_pass():
    """Counts of a binomial distribution with a probability above 1e-9 pass; implausible ones fail."""
    from scipy.stats import binom

    for rows in (1, 7, 100, 5000, 10**6):
        for share in (1e-6, 0.001, 0.05, 0.5, 0.93, 0.9999):
            law = binom(rows, share)
            low, high = int(law.ppf(1.1e-9)), int(law.isf(1.1e-9))
            assert is_plausible(low, rows, share)
            assert is_plausible(high, rows, share)
            assert law.sf(high + 8 * int(law.std()) + 40) < 1e-12


def test_patterns_as_regular_expressions():
    assert pattern_regex(r"##-?.\#\?\\x") == r"[0-9][0-9]\-[A-Z]\.\#\?\\x"
