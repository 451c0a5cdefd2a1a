"""Names in capitals and small letters: what their words say, and the folded names that an import stores."""

import polars as pl

from engine import import_sql
from engine.review.spellings import Spellings
from engine.sql.importing import importer
from tests.engine.rules.suggestions.building import rows_of

SCRIPT = """
create table DimHarbour (HarbourKey int not null, HarbourName varchar(40), CountryCode char(2), status varchar(9));
create table FactCall (CallKey int not null, HarbourKey int not null, OrderQuantity int not null,
    UnitPrice decimal(9,2) not null, SalesAmount decimal(12,2) not null, "KeptCase" int);
insert into DimHarbour (HarbourKey, HarbourName) values (7, 'HarbourName');
"""


def test_names_are_stored_folded_and_read_as_written():
    schema = import_sql(SCRIPT, name="lab", dialect="redshift").schema
    assert [table.name for table in schema.tables] == ["dimharbour", "factcall"]
    assert [column.name for column in schema.table("factcall").columns][-2:] == ["salesamount", "KeptCase"]
    assert schema.table("factcall").column("harbourkey").foreign_key.references_column == "harbourkey"
    text = schema.model_dump_json()
    assert "UnitPrice" not in text and "HarbourKey" not in text


def test_suggestions_of_folded_names_agree_with_each_other():
    frame = rows_of(SCRIPT.split("insert")[0], "factcall")
    total = pl.col("orderquantity") * pl.col("unitprice").cast(pl.Float64)
    assert frame.select((total - pl.col("salesamount").cast(pl.Float64)).abs().max()).item() < 0.01


def test_only_names_of_several_words_are_spelled_and_given_cells_stay():
    schema = importer.import_sql(SCRIPT, name="lab", dialect="redshift").schema
    spellings = Spellings(schema, SCRIPT)
    spelled = spellings.spell(schema)
    assert [column.name for column in spelled.tables[0].columns] == [
        "HarbourKey", "HarbourName", "CountryCode", "status",
    ]  # fmt: skip
    assert spellings.fold(spelled) == schema
    row = spelled.tables[0].rows[0]
    assert list(row.values() if isinstance(row, dict) else row)[:2] == [7, "HarbourName"]


def test_a_script_in_small_letters_has_nothing_to_spell():
    script = "create table t (order_id int)"
    schema = importer.import_sql(script, name="lab", dialect="redshift").schema
    spellings = Spellings(schema, script.upper())
    assert not spellings and spellings.spell(schema) is schema
