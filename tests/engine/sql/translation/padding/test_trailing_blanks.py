"""Trailing blanks: the columns that a comparison trims."""

from typing import Any

import pytest

from engine.schema.models import ExperimentSchema
from engine.sql.translation import translate


def _schema(**tables: list[dict[str, Any]]) -> ExperimentSchema:
    listed = [{"name": name, "columns": columns} for name, columns in tables.items()]
    return ExperimentSchema.model_validate({"name": "shop", "tables": listed})


def _text(name: str, **rule: Any) -> dict[str, Any]:
    return {"name": name, "data_type": "VARCHAR(20)", **rule}


def _translate(query: str, schema: ExperimentSchema) -> str:
    return translate(query, "redshift", schemas=[schema], current="shop").sql


def _key(table: str, column: str) -> dict[str, Any]:
    return {"references_table": table, "references_column": column}


@pytest.mark.parametrize(
    "column",
    [
        _text("c", faker_rule="city"),
        _text("c", values=["a", "b"]),
        _text("c", template="x-{n}-y", data_type="VARCHAR"),
        _text("c", foreign_key=_key("parent", "code")),
        _text("c", foreign_key=_key("child", "c")),
    ],
    ids=["faker", "values", "template", "parent", "itself"],
)
def test_column_whose_rule_makes_no_trailing_blanks_is_compared_directly(column: dict[str, Any]) -> None:
    schema = _schema(parent=[_text("code", values=["a", "b"])], child=[column])
    assert "rtrim" not in _translate("select c, count(*) from child where c = 'a' group by c", schema)


@pytest.mark.parametrize(
    "column",
    [
        _text("c", values=["a", "b "]),
        _text("c", template="{n} y"),
        _text("c", template="x{n}", data_type="VARCHAR"),
        _text("c", faker_rule="bothify", faker_args={"text": "?? "}),
        _text("c", expression="n || ' '"),
        _text("c", foreign_key=_key("parent", "code")),
        _text("c", foreign_key=_key("nowhere", "code")),
    ],
    ids=["values", "cut template", "end of template", "faker", "expression", "parent", "draft"],
)
def test_column_whose_rule_may_make_trailing_blanks_is_trimmed(column: dict[str, Any]) -> None:
    schema = _schema(parent=[_text("code", values=["a", "b "])], child=[column])
    sql = _translate("select 1 from child where c = 'a'", schema)
    assert "CASE WHEN suffix(c, ' ') THEN rtrim(c, ' ') ELSE c END = 'a'" in sql


def test_column_of_a_composite_key_is_trimmed_like_its_parent() -> None:
    schema = _schema(parent=[_text("a", values=["x"]), _text("b", values=["x "])], child=[_text("c"), _text("d")])
    child = schema.tables[1].model_dump(exclude_unset=True)
    key = {"columns": ["c", "d"], "references_table": "parent", "references_columns": ["a", "b"]}
    linked = ExperimentSchema.model_validate(
        {"name": "shop", "tables": [schema.tables[0].model_dump(exclude_unset=True), child | {"foreign_keys": [key]}]}
    )
    sql = _translate("select c = 'x', d = 'x' from child", linked)
    assert "suffix(d, ' ')" in sql
    assert "suffix(c, ' ')" not in sql


@pytest.mark.parametrize("join", ["full join", "right join", "join"])
def test_using_column_is_trimmed_if_a_source_may_have_trailing_blanks(join: str) -> None:
    schema = _schema(one=[_text("c", values=["a"])], other=[_text("c", values=["a "])])
    for source in (f"one {join} other using (c)", f"(select * from one {join} other using (c)) t"):
        sql = _translate(f"select c = 'b' from {source}", schema)
        assert """CASE WHEN suffix("c", ' ') THEN rtrim("c", ' ') ELSE "c" END AS "c") FROM other""" in sql
        assert sql.count("rtrim") == 1


@pytest.mark.parametrize("value", ["'a'", "trim(x)", "upper('a')", "case when x = 'b' then 'y' else 'n' end"])
def test_value_without_trailing_blanks_is_compared_directly(value: str) -> None:
    sql = translate(f"select v = 'a' from (select {value} as v from (select 'b ' as x) t) u", "redshift").sql
    assert "suffix(v, ' ')" not in sql


@pytest.mark.parametrize("value", ["'a '", "trim(x, 'y')", "left('a b', 2)", "lag('a', 1, 'b ') over (order by 1)"])
def test_value_that_may_have_trailing_blanks_is_trimmed(value: str) -> None:
    sql = translate(f"select v = 'a' from (select {value} as v from (select 'b ' as x) t) u", "redshift").sql
    assert "suffix(v, ' ')" in sql
