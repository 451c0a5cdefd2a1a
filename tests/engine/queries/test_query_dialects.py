"""The dialect of a query that names none."""

from pathlib import Path

import engine

SCRIPT = "create table p (id int primary key, amount decimal(8,2))"


def test_a_query_is_read_in_the_dialect_of_its_experiment(tmp_path: Path) -> None:
    with engine.Workbench(tmp_path) as workbench:
        for name, dialect in (("snow", "snowflake"), ("red", "redshift")):
            workbench.create(engine.import_sql(SCRIPT, name=name, dialect=dialect).schema).generate(rows=3, seed=1)
        snow, red = workbench["snow"], workbench["red"]
        assert (snow.dialect, red.dialect) == ("snowflake", "redshift")
        assert snow.query("select iff(id > 0, 'a', 'b') as x from p limit 1").records() == [("a",)]
        assert workbench.query("select iff(id > 0, 'a', 'b') as x from snow__p limit 1").records() == [("a",)]
        assert red.query("select nvl2(id, 1, 2) as x from p limit 1").records() == [(1,)]
        assert snow.query(snow.first_query()).row_count == 3
        assert snow.queries.save("one", "select 1").dialect == "snowflake"
        both = "select count(*) as n from p join snow__p s on s.id = p.id"
        assert workbench.query(both, experiment="red", dialect="duckdb").notes == ()
        assert workbench.query(both, experiment="red").notes == (
            "Read as redshift: the experiments have different dialects (red redshift, snow snowflake)."
            " Choose one with dialect.",
        )
