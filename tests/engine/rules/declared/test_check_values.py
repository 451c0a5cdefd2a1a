import pytest

import engine


def columns_of(body: str, dialect: str = "redshift") -> tuple[dict[str, list[str] | None], list[str]]:
    draft = engine.import_sql(f"CREATE TABLE t ({body});", name="trial", dialect=dialect)
    values = {column.name: column.values for column in draft.schema.tables[0].columns}
    return values, [note.message for note in draft.notes if note.level == "warning"]


def test_the_values_listed_by_a_check_become_the_values():
    values, warnings = columns_of(
        "status VARCHAR(12) NOT NULL CHECK (status IN ('active', 'clo''sed')), Kind CHAR(1) CHECK (\"kind\" in ('a'))"
    )

    assert values == {"status": ["active", "clo'sed"], "kind": ["a"]}
    assert warnings == []


def test_a_list_that_no_value_of_the_type_is_in_is_a_warning():
    values, warnings = columns_of("a VARCHAR(2) CHECK (a IN ('long')), b INT CHECK (b IN (1, 2)), c INT CHECK (c > 3)")

    assert values == {"a": None, "b": [1, 2], "c": None}
    assert warnings == [
        "CHECK ignored; generated data may violate it: (a IN('long'))."
        " No VARCHAR(2) is one of them, so no row meets it."
    ]


def test_a_key_has_no_list_of_values():
    values, warnings = columns_of("code VARCHAR(5) PRIMARY KEY CHECK (code IN ('x', 'y'))")

    assert values == {"code": None}
    assert warnings == [
        "CHECK ignored; generated data may violate it: (code IN('x', 'y'))."
        " The rules of its columns do not keep it. Change a rule or the CHECK."
    ]


def test_a_warning_is_saved_with_its_table():
    script = "CREATE TABLE s.t (a VARCHAR(9) CHECK (a = REVERSE(a))); CREATE TABLE s.u (b INT);"
    first, second = engine.import_sql(script, name="trial", dialect="redshift").schema.tables

    assert first.warnings == [
        "s.t.a: CHECK ignored; generated data may violate it: (a = REVERSE(a))."
        " The rules of its columns do not keep it. Change a rule or the CHECK."
    ]
    assert second.warnings == []


@pytest.mark.parametrize(
    ("dialect", "written", "expected"),
    [
        ("redshift", "E'a', 'b'", ["a", "b"]),
        ("redshift", r"'it\'s', 'it''s too'", ["it's", "it's too"]),
        ("redshift", r"E'tab\tstop', e'\x41\102\u00e9'", ["tab\tstop", "ABé"]),
        ("redshift", r"'back\\slash'", ["back\\slash"]),
        ("redshift", "$$it's$$, $q$x$q$", ["it's", "x"]),
        ("redshift", "N'n'", ["n"]),
        ("snowflake", r"'it\'s', 'a\\b', 'line\nend'", ["it's", "a\\b", "line\nend"]),
        ("snowflake", "$$it's$$", ["it's"]),
        ("snowflake", r"'\q\ud800'", ["q\ufffd"]),
        ("duckdb", r"'a\b', 'it''s'", ["a\\b", "it's"]),
        ("duckdb", r"e'a\'b'", ["a'b"]),
    ],
)
def test_string_literals_are_read_as_the_warehouse_does(dialect: str, written: str, expected: list[str]):
    values, warnings = columns_of(f"status VARCHAR(40) CHECK (status IN ({written}))", dialect)

    assert values == {"status": expected}
    assert warnings == []
