"""Texts and numbers that cannot be stored or computed with, at every entrance but the schema."""

import pytest

import engine
from engine.errors import WorkbenchError

HALF = "a\ud800"
UNSTORABLE = r"contains half of a character \(\\ud800\) at character 2"


@pytest.mark.parametrize(
    "enter",
    [
        lambda workbench, shop: workbench[HALF],
        lambda workbench, shop: workbench.delete(HALF),
        lambda workbench, shop: workbench.query(HALF),
        lambda workbench, shop: workbench.query("select 1", experiment=HALF),
        lambda workbench, shop: workbench.query("select 1", dialect=HALF),
        lambda workbench, shop: workbench.stream_csv(HALF),
        lambda workbench, shop: engine.import_sql(f"create table {HALF} (x int)", name="a", dialect="redshift"),
        lambda workbench, shop: engine.import_sql("create table t (x int)", name=HALF, dialect="redshift"),
        lambda workbench, shop: shop.queries.save(HALF, "select 1"),
        lambda workbench, shop: shop.queries.save("a", HALF),
        lambda workbench, shop: shop.queries.remove(HALF),
        lambda workbench, shop: shop.preview(HALF),
        lambda workbench, shop: shop.planned_rows({HALF: 1}),
    ],
)
def test_half_a_character_is_rejected(enter, workbench: engine.Workbench, shop: engine.Experiment):
    with pytest.raises(WorkbenchError, match=r"contains half of a character \(\\ud800\)"):
        enter(workbench, shop)


@pytest.mark.parametrize(
    "enter",
    [
        lambda shop: shop.planned_rows(10**10_000),
        lambda shop: shop.planned_rows({"orders": 10**10_000}),
        lambda shop: shop.start(seed=10**10_000),
        lambda shop: shop.preview("orders", 10**10_000),
        lambda shop: shop.preview("orders", offset=10**10_000),
    ],
)
def test_a_number_of_thousands_of_digits_is_rejected(enter, shop: engine.Experiment):
    with pytest.raises(WorkbenchError, match="A number of more than 400 digits is not a"):
        enter(shop)
