"""Long reporting queries in Redshift SQL, over an import whose script declares no foreign keys."""

from collections.abc import Iterator

import pytest

import engine

SCRIPT = """
create table zone (z_zonekey smallint primary key distkey, z_name varchar(12) not null) sortkey (z_zonekey);
create table land (l_landkey int primary key, l_name varchar(25) not null, l_zonekey smallint not null) diststyle all;
create table buyer (b_buyerkey bigint primary key, b_name varchar(25) not null, b_landkey int not null,
    b_balance decimal(12,2) not null) diststyle key distkey (b_buyerkey);
create table sale (s_salekey bigint primary key distkey sortkey, s_buyerkey bigint not null, s_total decimal(9,2),
    s_day date not null, s_priority char(8) not null, s_comment varchar(79));
create table item (i_salekey bigint not null, i_line int not null, i_count decimal(9,2) not null,
    i_price decimal(9,2) not null, i_discount decimal(12,2) not null, i_flag char(1) not null, i_shipped date not null,
    primary key (i_salekey, i_line));
"""
QUERIES = {
    "pricing summary": """
        select i_flag, sum(i_count) as sum_count, sum(i_price * (1 - i_discount)) as net,
               avg(i_price) as avg_price, count(*) as lines
        from item where i_shipped <= dateadd(day, -90, cast('2998-12-01' as date))
        group by i_flag order by i_flag""",
    "five-way join": """
        select l_name, sum(i_price * (1 - i_discount)) as revenue
        from buyer, sale, item, land, zone
        where b_buyerkey = s_buyerkey and i_salekey = s_salekey and b_landkey = l_landkey and l_zonekey = z_zonekey
        group by l_name order by revenue desc""",
    "exists": """
        select s_priority, count(*) as sales from sale
        where exists (select * from item where i_salekey = s_salekey) group by s_priority order by s_priority""",
    "having in": """
        select b_name, s_salekey, sum(i_count) from buyer, sale, item
        where s_salekey in (select i_salekey from item group by i_salekey having sum(i_count) > 0)
          and b_buyerkey = s_buyerkey and s_salekey = i_salekey
        group by b_name, s_salekey order by 3 desc limit 100""",
    "outer join of counts": """
        select sales, count(*) as buyers from (
            select b_buyerkey, count(s_salekey) from buyer left outer join sale on b_buyerkey = s_buyerkey
            and nvl(s_comment, '') not like '%special%requests%' group by b_buyerkey) as counted (buyer, sales)
        group by sales order by buyers desc, sales desc""",
    "year of a nested query": """
        select year, sum(volume) as volume, ratio_to_report(sum(volume)) over () as share from (
            select extract(year from s_day) as year, i_price * (1 - i_discount) as volume
            from sale join item on i_salekey = s_salekey) as shipping group by year order by year""",
    "with and a maximum": """
        with revenue (buyer, total) as (
            select s_buyerkey, sum(i_price * (1 - i_discount)) from item, sale where i_salekey = s_salekey group by 1)
        select b_buyerkey, b_name, total from buyer, revenue
        where b_buyerkey = buyer and total = (select max(total) from revenue)""",
    "correlated average": """
        select sum(i_price) / 7.0 as avg_yearly from item, sale
        where s_salekey = i_salekey and i_count > (select 0.2 * avg(i_count) from item where i_salekey = s_salekey)""",
    "substring and not exists": """
        select substring(b_name, 1, 2) as code, count(*), sum(b_balance) from buyer
        where b_balance > (select avg(b_balance) from buyer) or not exists (select 1 from sale where s_buyerkey = -1)
        group by 1 order by 1""",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engine.Experiment]:
    with engine.Workbench(tmp_path_factory.mktemp("reporting")) as workbench:
        experiment = workbench.create(engine.import_sql(SCRIPT, name="shop", dialect="redshift"))
        experiment.generate(rows={"zone": 5, "land": 25, "buyer": 150, "sale": 1500, "item": 6000}, seed=11)
        yield experiment


@pytest.mark.parametrize("sql", QUERIES.values(), ids=QUERIES)
def test_report_runs_and_returns_rows(shop: engine.Experiment, sql: str):
    assert shop.query(sql, dialect="redshift").row_count > 0


def test_every_child_joins_its_parent_by_the_suggested_keys(shop: engine.Experiment):
    joined = """select count(*) from item join sale on i_salekey = s_salekey join buyer on s_buyerkey = b_buyerkey
                join land on b_landkey = l_landkey join zone on l_zonekey = z_zonekey"""
    assert shop.query(joined, dialect="redshift").records() == [(6000,)]


def test_shares_of_a_report_sum_to_one(shop: engine.Experiment):
    sql = f"select round(sum(share), 6) from ({QUERIES['year of a nested query'].split(' order by')[0]}) as years"
    assert shop.query(sql, dialect="redshift").records() == [(1.0,)]
