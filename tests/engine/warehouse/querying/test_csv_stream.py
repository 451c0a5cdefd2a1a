import csv
import io

import pytest

from engine.errors import QueryError, WorkbenchError
from engine.warehouse.querying.csv_stream import open_csv_stream, write_csv
from engine.warehouse.querying.execution import run_query

ODD = """
select * from (values
    (1, 'plain', true, timestamp '2024-05-01 12:00:00', 1.5, 0.10::decimal(9,2), null),
    (2, 'a,b', false, timestamp '2024-05-01 12:00:00.25', 1e300, null, date '2024-01-01'),
    (3, 'say "hi"', null, null, null, 1, null),
    (4, E'two\\nlines', null, null, null, 1, null),
    (5, '', null, null, null, 1, null),
    (6, 'é', null, null, null, 1, null)
) t(id, "the, text", ok, moment, x, price, day)
"""
ODD_CSV = (
    'id,"the, text",ok,moment,x,price,day\r\n'
    "1,plain,true,2024-05-01 12:00:00,1.5,0.10,\r\n"
    '2,"a,b",false,2024-05-01 12:00:00.25,1e+300,,2024-01-01\r\n'
    '3,"say ""hi""",,,,1.00,\r\n'
    '4,"two\nlines",,,,1.00,\r\n'
    '5,"",,,,1.00,\r\n'
    "6,é,,,,1.00,\r\n"
).encode()


def test_a_stream_is_rfc_4180(opened):
    stream = open_csv_stream(opened(), ODD)
    assert b"".join(stream) == ODD_CSV
    assert stream.rows == 6


def test_a_result_gives_the_same_file(query, tmp_path):
    assert query(ODD).to_csv(tmp_path / "out.csv") == 6
    assert (tmp_path / "out.csv").read_bytes() == ODD_CSV


def test_types_of_every_kind_are_text(opened, query, tmp_path):
    sql = (
        "select interval 1 day as a, [1, 2] as b, {'k': 'v'} as c, timestamptz '2024-01-01 00:00:00+02' as d, "
        "date '0001-01-01' - 1 as e, 1 as f, 2 as f, sum(1) as g"
    )
    expected = b"a,b,c,d,e,f,f,g\r\n1 day,\"[1, 2]\",{'k': v},2023-12-31 22:00:00+00,0001-12-31 (BC),1,2,1\r\n"
    assert b"".join(open_csv_stream(opened(), sql)) == expected
    query(sql).to_csv(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == expected


def test_no_rows_give_the_header(opened, query, tmp_path):
    sql = "select 1 as a, 'x' as b where false"
    assert b"".join(open_csv_stream(opened(), sql)) == b"a,b\r\n"
    assert query(sql).to_csv(tmp_path / "out.csv") == 0
    assert (tmp_path / "out.csv").read_bytes() == b"a,b\r\n"


def test_many_rows_come_in_chunks_in_order(opened):
    chunks = list(open_csv_stream(opened(), "select range as n from range(120000)"))
    assert len(chunks) > 2
    rows = list(csv.reader(io.StringIO(b"".join(chunks).decode(), newline="")))
    assert [int(row[0]) for row in rows[1:]] == list(range(120_000))


@pytest.mark.parametrize("sql", ["select nope", "drop table x", "select 1; select 2", "select cast('x' as int)"])
def test_an_invalid_query_is_refused_at_the_call(opened, sql):
    with pytest.raises(QueryError):
        open_csv_stream(opened(), sql)


def test_a_later_error_is_raised(opened):
    stream = open_csv_stream(opened(), "select 100 // (range - 120000), error('late') from range(1) where false")
    assert b"".join(stream).startswith(b'"')
    late = "select if(range = 190000, error('late'), range) from range(200000)"
    with pytest.raises(QueryError, match="late"):
        list(open_csv_stream(opened(), late))


def test_the_time_limit_holds_for_a_stream(opened):
    sql = "select count(*) from range(1000000) a, range(1000000) b"
    with pytest.raises(QueryError, match="time limit"):
        open_csv_stream(opened(), sql, timeout_seconds=0.1)


def test_a_stream_may_be_closed_early(opened):
    stream = open_csv_stream(opened(), "select range from range(10000000000)")
    assert next(stream) == b"range\r\n"
    assert next(stream).startswith(b"0\r\n1\r\n")
    stream.close()
    assert list(stream) == []
    stream.close()


def test_a_file_is_complete_or_absent(tmp_path):
    def broken():
        yield b"a\r\n"
        raise QueryError("broken")

    target = tmp_path / "out.csv"
    target.write_text("old")
    with pytest.raises(QueryError):
        write_csv(target, broken())
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_a_missing_folder_is_reported(query, tmp_path):
    with pytest.raises(WorkbenchError, match="cannot be written: No such file"):
        query("select 1").to_csv(tmp_path / "nowhere" / "out.csv")


def test_the_session_ends_with_the_stream(opened):
    session = opened()
    list(open_csv_stream(session, "select 1"))
    with pytest.raises(Exception, match=r"(?i)closed"):
        run_query(session, "select 1")


RISKY = (
    "select * from (values ('=1+1', -5, -1.5::decimal(3, 1), null), ('+a', 0, 0, '@b'), (E'\\tc', 1, 1, E'\\rd'),"
    " ('-', 2, 2, 'a=b'), ('', 3, 3, '=')) t(\"=h\", n, d, \"@x\")"
)
SAFE_CSV = b"'=h,n,d,'@x\r\n'=1+1,-5,-1.5,\r\n'+a,0,0.0,'@b\r\n'\tc,1,1.0,\"'\rd\"\r\n'-,2,2.0,a=b\r\n\"\",3,3.0,'=\r\n"


def test_a_safe_stream_has_no_formulas(opened):
    assert b"".join(open_csv_stream(opened(), RISKY, spreadsheet_safe=True)) == SAFE_CSV


def test_a_safe_result_has_no_formulas(query, tmp_path):
    query(RISKY).to_csv(tmp_path / "out.csv", spreadsheet_safe=True)
    assert (tmp_path / "out.csv").read_bytes() == SAFE_CSV


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("'-1'::json", b"'-1"),
        ("'=a'::enum('=a')", b"'=a"),
        ("'=a'::blob", b"'=a"),
        ("union_value(k := '=a')", b"'=a"),
        ("-1::double", b"-1.0"),
        ("(-1)::hugeint", b"-1"),
        ("interval (-1) day", b"-1 day"),
        ("'-infinity'::date", b"-infinity"),
        ("'-infinity'::timestamptz", b"-infinity"),
    ],
)
def test_the_type_of_a_column_decides_what_a_safe_file_escapes(opened, query, tmp_path, value, cell):
    sql = f"select {value} as a"
    assert b"".join(open_csv_stream(opened(), sql, spreadsheet_safe=True)) == b"a\r\n" + cell + b"\r\n"
    query(sql).to_csv(tmp_path / "out.csv", spreadsheet_safe=True)
    assert (tmp_path / "out.csv").read_bytes() == b"a\r\n" + cell + b"\r\n"
