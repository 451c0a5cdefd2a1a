"""The work of an import, of creating and of previewing grows with the number of tables, not with its square.

Function calls are counted, as seconds say more about the machine than about the code.
"""

from collections.abc import Callable

import pytest

from engine.review.imports import import_sql
from engine.rules.compiler import TableCompiler
from engine.rules.keys.table_rows import default_counts
from engine.rules.open_columns import MAX_KEY_CHAIN
from engine.rules.rule_checks import check_rules
from engine.rules.suggestions.foreign_keys import suggested_keys
from engine.schema.checks import check_schema
from engine.schema.models import ExperimentSchema
from tests.engine.call_counts import calls


def chained(number: int) -> str:
    """One table with a key of one column and a reference that only the names suggest."""
    return (
        f"create table entity_{number} (entity_{number}_id bigint primary key, entity_{max(number - 1, 0)}_id bigint, "
        f"code varchar(20) unique, batch_code varchar(20), amount decimal(12,2), created_at timestamp);"
    )


def composite(number: int) -> str:
    """One table with a composite key that all others have too, a declared reference, and notes of every kind."""
    return (
        f"create table sales.fact_{number} (tenant_id int not null, seq_no int not null, kind geography2, "
        f"primary key (tenant_id, seq_no));"
        f"comment on table sales.fact_{number} is 'x'; alter table sales.fact_{number} add column extra int;"
        f"alter table sales.fact_{number} add constraint fk foreign key (tenant_id, seq_no) "
        f"references sales.fact_0 (tenant_id, seq_no);"
        f"insert into sales.fact_{number} values (1);"
    )


def unrelated(number: int) -> str:
    """One table whose composite key others have, under the free columns of the next one."""
    key = f"primary key (order_id, line_no), note_{number} int" if number % 2 else f"id_{number} int"
    return f"create table t{number} (order_id int not null, line_no int not null, {key});"


def script(table: Callable[[int], str], tables: int) -> str:
    return "\n".join(table(number) for number in range(tables))


@pytest.mark.parametrize("table", [chained, composite, unrelated])
def test_importing_four_times_the_tables_takes_four_times_the_calls(table: Callable[[int], str]):
    import_sql(script(table, 3), name="lab", dialect="redshift")  # what is made once
    few, many = (
        calls(lambda tables=tables: import_sql(script(table, tables), name="lab", dialect="redshift"))
        for tables in (25, 100)
    )
    assert many / few < 5


@pytest.mark.parametrize("table", [chained, composite])
def test_checking_four_times_the_tables_takes_four_times_the_calls(table: Callable[[int], str]):
    few, many = (import_sql(script(table, tables), name="lab", dialect="redshift").schema for tables in (8, 32))
    for work in (check_schema, check_rules, suggested_keys, default_counts):
        for schema in (few, many):
            work(schema)  # what is made once, such as the table of a distribution over so many parents
        assert calls(lambda work=work: work(many)) / calls(lambda work=work: work(few)) < 5, work.__name__


def test_a_table_is_compiled_with_as_many_calls_whatever_else_there_is():
    few, many = (import_sql(script(chained, tables), name="lab", dialect="redshift").schema for tables in (15, 60))

    def compile_last(schema) -> None:
        table = schema.tables[14]
        TableCompiler(schema, table, 0, dict.fromkeys((table.key for table in schema.tables), 10)).outputs()

    compile_last(few)
    assert calls(lambda: compile_last(many)) < 1.3 * calls(lambda: compile_last(few))


def test_a_compiler_is_made_with_as_many_calls_whatever_else_there_is():
    few, many = (import_sql(script(chained, tables), name="lab", dialect="redshift").schema for tables in (5, 40))

    def made(schema) -> int:
        counts = {table.key: 10 for table in schema.tables}
        return calls(lambda: TableCompiler(schema, schema.tables[0], 0, counts))

    made(few)
    assert made(many) == made(few)


def test_a_chain_of_keys_through_many_tables_is_rejected_with_its_limit():
    def table(number: int) -> dict:
        key = {"foreign_key": {"references_table": f"t{number - 1}", "references_column": "id"}} if number else {}
        column = {"name": "id", "data_type": "INT", "is_unique": True, **key}
        return {"name": f"t{number}", "target_rows": 5, "columns": [column]}

    def problems(tables: int) -> list[str]:
        schema = ExperimentSchema.model_validate({"name": "lab", "tables": [table(i) for i in range(tables)]})
        return [str(problem) for problem in check_rules(schema)]

    assert problems(MAX_KEY_CHAIN) == []
    (problem,) = problems(MAX_KEY_CHAIN + 1)
    assert problem.startswith(f"t{MAX_KEY_CHAIN}.id: It follows a chain of references through more than")
