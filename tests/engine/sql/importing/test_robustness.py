"""Randomly damage scripts: an import returns a draft or raises a documented error.

A part of them by default, all with TESTS_FULL=1.
"""

import random
from pathlib import Path

import pytest

from engine.errors import WorkbenchError
from engine.schema.checks import check_schema
from engine.sql.importing.importer import import_sql
from tests.faults.scale import scaled

PIECES = [
    "'", '"', "(", ")", ",", ";", "$$", "/*", "*/", "--", "{{", "}}", "<%", "&v", ".", "::", "begin ", "end;",
    "primary key", "references ", "create table ", "as select * from ", "default ", "null", "\n", "\\", "\x00", "é",
    "#", "identifier(",
    "like ", "alter table ", "drop column ", "unique (", "[", "]", "<", ">", "999999999999999999999",
]  # fmt: skip


def damage(text: str, draw: random.Random) -> str:
    """Return the text with one to six pieces removed, doubled, replaced or inserted."""
    for _ in range(draw.randint(1, 6)):
        start = draw.randrange(len(text))
        end = min(len(text), start + draw.choice([1, 1, 5, 40, 400]))
        match draw.randrange(4):
            case 0:
                text = text[:start] + text[end:] or " "
            case 1:
                text = text[:end] + text[start:end] + text[end:]
            case 2:
                text = text[:start] + draw.choice(PIECES) + text[start:]
            case _:
                text = text[:start] + draw.choice(PIECES) + text[end:]
    return text


@pytest.mark.parametrize("dialect", ["redshift", "snowflake"])
def test_damaged_scripts_return_a_draft_or_raise_a_documented_error(project: Path, dialect: str) -> None:
    text = (project / "schemas" / f"sample_{dialect}.sql").read_text(encoding="utf-8")
    draw = random.Random(20_240_501)
    for _ in range(scaled(200, 60)):
        script = damage(text, draw)
        try:
            draft = import_sql(script, name="x", dialect=dialect)
        except WorkbenchError:
            continue
        assert draft.imported + draft.imported_with_notes + draft.skipped == draft.statements
        assert check_schema(draft.schema) == []


def test_a_script_of_300_tables_is_imported_whole() -> None:
    columns = ", ".join(f"c{n} varchar(20) default 'x' encode lzo" for n in range(20))
    script = "".join(
        f"create table t{n} (id bigint primary key, {columns}, up bigint references t{max(0, n - 1)} (id));"
        for n in range(300)
    )
    draft = import_sql(script, name="x", dialect="redshift")
    assert len(draft.schema.tables) == 300
