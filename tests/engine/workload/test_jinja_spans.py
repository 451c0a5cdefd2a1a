"""Jinja in models: loops, conditions, macros and variables of the project, within bounds."""

from pathlib import Path

import pytest

from engine.workload.bounded_jinja import OpenTemplateError
from engine.workload.dbt_projects import has_only_macros, read_variables
from engine.workload.jinja_spans import JinjaProject
from engine.workload.reading import read_statements


def sql_of(text: str, **files: str) -> str:
    found = read_statements({"m.sql": text, **files}, "snowflake")[0]
    assert found.reason is None, found.reason
    return " ".join(found.sql.split())


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("select {% for c in ['a', 'b'] %}{{ c }}{{ ',' if not loop.last }}{% endfor %} from t", "select a,b from t"),
        ("{% set l = ['x', 'y'] %}select 1 from t where a in ('{{ l | join(\"', '\") }}')",
         "select 1 from t where a in ('x', 'y')"),
        ("select 1 from t {% if target.name == 'prod' %}where a{% elif 1 > 0 %}where b{% else %}where c{% endif %}",
         "select 1 from t where b"),
        ("{% macro m(x) %}{{ x }} / 100{% endmacro %}select {{ m('a') }} from t", "select a / 100 from t"),
        ("select {{ dbt_utils.generate_surrogate_key(['a']) }} from t",
         "select md5(cast(coalesce(cast(a as varchar), '_dbt_utils_surrogate_key_null_') as varchar)) from t"),
        ("select 1 from t {{ dbt_utils.group_by(2) }}", "select 1 from t group by 1, 2"),
        ("{% set n = 3 %}select {{ n * 2 }} from t", "select 6 from t"),
        ("select {{ [1, 2] | sum }}, {{ 1.26 | round(1) }}, '{{ 'a-b' | replace('-', '_') }}' from t",
         "select 3, 1.3, 'a_b' from t"),
        ("{% set c = 'a' %}{% set d = c ~ '_' ~ 1 %}select {{ d | upper }} from t", "select A_1 from t"),
        ("select {% for k, v in {'x': 1}.items() %}{{ v }} as {{ k }}{% endfor %} from t", "select 1 as x from t"),
        ("select 1 from t where d > {{ dbt.dateadd('day', -3, 'd') }}",
         "select 1 from t where d > dateadd(day, -3, d)"),
    ],
)  # fmt: skip
def test_templates_are_computed(text: str, sql: str) -> None:
    assert sql_of(text) == sql


def test_macros_of_other_files_call_each_other() -> None:
    macros = "{% macro a(x) %}{{ b(x) }}{% endmacro %}", "{% macro b(x) %}{{ return(x ~ 1) }}{% endmacro %}"
    files = {"macros/a.sql": macros[0], "macros/b.sql": macros[1]}

    assert sql_of("select {{ a('c') }} from t", **files) == "select c1 from t"
    assert [each.name for each in read_statements({"m.sql": "select 1", **files}, "snowflake")] == ["m.sql"]


def test_lines_of_the_file_stay() -> None:
    text = "select\n{% for c in ['a', 'b'] %}\n  {{ c }},\n{% endfor %}\n1\nfrom t;\nselect {{ gone() }} from t"

    first, second = read_statements({"m.sql": text}, "snowflake")

    assert " ".join(first.sql.split()) == "select a, b, 1 from t"
    assert (second.line, second.reason) == (7, "{{ gone() }} has no value (line 7).")


def test_variables_of_the_project_its_defaults_and_given_values(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text(
        "name: p\nvars:\n  p:\n    start: '2020-01-01'\n    plans:\n      - A\n      - B\n"
    )
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "m.sql").write_text(
        "select 1 from t where d > '{{ var('start') }}' and p in ("
        "{% for x in var('plans') %}'{{ x }}'{% if not loop.last %},{% endif %}{% endfor %}) and y = {{ var('y') }}"
    )

    (asked,) = read_statements(tmp_path / "models", "snowflake")
    (given,) = read_statements(tmp_path, "snowflake", {"start": "2021-05-05", "y": 7})

    assert asked.reason == "{{ var('y') }} has no value (line 1)."
    assert given.sql == "select 1 from t where d > '2021-05-05' and p in ('A','B') and y = 7"


def test_a_variable_in_a_loop_is_asked_for_by_its_name() -> None:
    text = "select {% for x in var('names') %}{{ x }}{% endfor %} from t"

    (found,) = read_statements({"m.sql": text}, "snowflake")

    assert [(each.name, each.is_given) for each in found.placeholders] == [("names", False)]


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(9999999999) %}{% endfor %}",
        "{% for a in range(5000) %}{% for b in range(5000) %}{% endfor %}{% endfor %}",
        "{% set l = range(9000) | list %}" + "{% for a in l %}" * 3 + "{% endfor %}" * 3,
        "{% set s = 'aaaaaaaaaa' %}" + "{% set s = s ~ s %}" * 60 + "{{ s }}",
        "{% set s %}aaaaaaaaaa{% endset %}" + "{% set s %}{{ s }}{{ s }}{% endset %}" * 60,
        "{% set s = ['aaaaaaaaaa'] %}" + "{% set s = [s, s] | sum(start=[]) %}" * 60,
        "{% set s = 'aaaaaaaaaa' %}" + "{% set s = [s, s] | join %}" * 60,
        "{% set s = 'aaaaaaaaaa' %}" + "{% set s = ''.join([s, s]) %}" * 60,
        "{% set s = 'aaaaaaaaaa' %}" + "{% set s = s | replace('a', 'aa') %}" * 60,
        "{% set l = [1] %}" + "{% do l.extend(l) %}" * 60 + "{{ l }}",
        "{% for a in range(9000) %}" + "a" * 5000 + "{% endfor %}",
        "{% macro m(n) %}{% for a in range(2) %}{{ m(n - 1) if n else '' }}{% endfor %}{% endmacro %}{{ m(40) }}",
        "{{ [1] | batch(1000000000, 'x') | list }}",
        "{{ 1 | round(1000000000, 'floor') }}{{ [1] | slice(1000000000) | list }}",
        "{{ 'a'.ljust(1000000000) }}",
        "{{ 'a' | center(1000000000) }}",
        "{{ (5).to_bytes(1000000000, 'big') }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 ** 9 }}",
        "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ '%999999999d' % 1 }}",
        "{{ run_query('select 1') }}",
        "{{ 1 / 0 }}",
        "{% if %}{% endif %}",
        "{% if a %}" * 150 + "{% endif %}" * 150,
    ],
)
def test_what_runs_on_or_reaches_out_is_left_open(text: str) -> None:
    with pytest.raises(OpenTemplateError):
        JinjaProject().compute(text, {})
    read_statements({"m.sql": "select " + text + " from t"}, "snowflake")


def test_variables_of_a_file() -> None:
    text = "# p\nname: x\nvars:\n  a: 5  # five\n  b: [1, 'x, y', z]\n  c: true\n  d: 'it''s'\nmodels:\n  e: 1\n"

    assert read_variables(text) == {"a": 5, "b": [1, "x, y", "z"], "c": True, "d": "it's"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "vars:\n  start: 2020-01-01\n  p:\n    plans:\n    - A\n    - B\n",
            {"start": "2020-01-01", "plans": ["A", "B"]},
        ),
        ("vars: &a\n  b: *a\n", {}),
        ("vars:\n  a: [[1]]\n  b: {c: {d: 1}}\n  e: 2\n", {"e": 2}),
        ("vars: [1, 2]", {}),
        ("vars:\n  - : {", {}),
        ("[" * 5000, {}),
        ("", {}),
    ],
)
def test_variables_that_are_no_plain_values_are_left_out(text: str, found: dict[str, object]) -> None:
    assert read_variables(text) == found


def test_a_file_of_macros_is_no_query() -> None:
    assert has_only_macros("{# c #}\n{%- macro a() -%} select 1 {%- endmacro %}\n")
    assert not has_only_macros("{% macro a() %}1{% endmacro %} select {{ a() }}")
