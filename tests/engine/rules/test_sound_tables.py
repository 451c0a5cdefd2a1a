"""Tables that were checked before: only what changed is checked again, and no problem is lost."""

from decimal import Decimal
from typing import Any

import pytest

from engine.rules import rule_checks
from engine.rules.compiler import TableCompiler
from engine.rules.rule_checks import check_rules
from engine.rules.sound_tables import SoundTables
from engine.schema.models import ExperimentSchema

KEY = {"name": "id", "data_type": "INT", "is_unique": True}


def shop(regions: dict[str, Any] | None = None, lines: dict[str, Any] | None = None) -> ExperimentSchema:
    def table(name: str, parent: str | None, extra: dict[str, Any] | None, **keys: Any) -> dict[str, Any]:
        columns = [KEY, {"name": "size", "data_type": "INT", "min_value": 1, "max_value": 9}]
        if parent:
            key = {"references_table": parent, "references_column": "id"}
            columns.append({"name": "parent_id", "data_type": "INT", "foreign_key": key})
        return {"name": name, "columns": [*columns, *([extra] if extra else [])], "target_rows": 50, **keys}

    tables = [
        table("regions", None, regions),
        table("orders", "regions", {"name": "much", "data_type": "INT", "expression": "10 / parent_id.size"}),
        table("lines", "orders", lines),
        table("stray", None, None),
    ]
    return ExperimentSchema.model_validate({"name": "shop", "tables": tables})


def checked(monkeypatch: pytest.MonkeyPatch, schema: ExperimentSchema, sound: SoundTables) -> list[str]:
    tables: list[str] = []

    def compiler(*args: Any, **keys: Any) -> TableCompiler:
        tables.append(args[1].key)
        return TableCompiler(*args, **keys)

    monkeypatch.setattr(rule_checks, "TableCompiler", compiler)
    check_rules(schema, sound=sound)
    return tables


def test_only_what_changed_and_what_reads_it_is_checked_again(monkeypatch: pytest.MonkeyPatch):
    sound = SoundTables()
    new = {"name": "note", "data_type": "INT", "values": [1]}

    assert checked(monkeypatch, shop(), sound) == ["regions", "orders", "lines", "stray"]
    assert checked(monkeypatch, shop(), sound) == []
    assert checked(monkeypatch, shop(lines=new), sound) == ["lines"]
    assert checked(monkeypatch, shop(regions=new), sound) == ["regions", "orders", "lines"]


@pytest.mark.parametrize("column", ["regions.size", "lines.parent_id"])
def test_a_problem_in_another_table_is_found_again_each_time(column: str):
    sound = SoundTables()
    assert check_rules(shop(), sound=sound) == []
    schema = shop().model_copy(deep=True)
    key, _, name = column.partition(".")
    zero = {"min_value": Decimal(0), "max_value": Decimal(0)}
    changed = zero if name == "size" else {"expression": "nowhere + 1", "foreign_key": None}
    columns = [each.model_copy(update=changed if each.name == name else {}) for each in schema.table(key).columns]
    tables = [each.model_copy(update={"columns": columns}) if each.key == key else each for each in schema.tables]
    broken = schema.model_copy(update={"tables": tables})

    first, second = check_rules(broken, sound=sound), check_rules(broken, sound=sound)

    assert first == second == check_rules(broken)
    assert [problem.where for problem in first] == ["orders.much" if key == "regions" else "lines.parent_id"]


def test_other_row_counts_or_another_locale_are_checked_again(monkeypatch: pytest.MonkeyPatch):
    sound = SoundTables()
    checked(monkeypatch, shop(), sound)
    fewer = [each.model_copy(update={"target_rows": 5}) if each.name == "orders" else each for each in shop().tables]

    assert checked(monkeypatch, shop().model_copy(update={"tables": fewer}), sound) == ["orders", "lines"]
    assert len(checked(monkeypatch, shop().model_copy(update={"locale": "de_DE"}), sound)) == 4
