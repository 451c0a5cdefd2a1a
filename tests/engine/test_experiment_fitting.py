"""Fitting an experiment: queries run before and after, a new version, and nothing for a dry run."""

from pathlib import Path

import engine

SCRIPT = """
create table goods (good_id int primary key, kind varchar(20) not null);
create table sales (sale_id int primary key, item int not null, sold_on date not null, price numeric(8,2) not null);
"""
QUERIES = {
    "lanterns.sql": "select kind, sum(price) from sales, goods where item = good_id and kind = 'LANTERN' group by 1",
    "spring.sql": "select count(*) from sales where sold_on between '2012-04-01' and '2012-06-30'",
    "all.sql": "select count(*) from sales",
}


def test_a_fit_is_saved_and_its_queries_find_rows(tmp_path: Path) -> None:
    with engine.Workbench(tmp_path / "home") as workbench:
        shop = workbench.create(engine.import_sql(SCRIPT, name="shop", dialect="redshift"))

        tried = shop.fit(QUERIES, rows=400, dry_run=True)
        assert (tried.update, shop.version) == (None, 1)
        fitted = shop.fit(QUERIES, rows=400)

        assert (fitted.found_before, fitted.found_after, fitted.lost) == (1, 3, [])
        assert fitted.audit_failures == 0
        assert {change.place for change in fitted.kept} == {"sales.item", "sales.sold_on", "goods.kind"}
        assert shop.version == 2
        assert shop.runs() == []
        assert shop.fit(QUERIES, rows=400, verify=False).kept == ()


def test_refused_places_stay(tmp_path: Path) -> None:
    with engine.Workbench(tmp_path / "home") as workbench:
        shop = workbench.create(engine.import_sql(SCRIPT, name="shop", dialect="redshift"))

        fitted = shop.fit(QUERIES, refused=["sales.sold_on"], verify=False)

        assert {change.place for change in fitted.kept} == {"sales.item", "goods.kind"}
        assert [str(each) for each in fitted.dropped] == ["sales.sold_on: not changed. It is refused."]
