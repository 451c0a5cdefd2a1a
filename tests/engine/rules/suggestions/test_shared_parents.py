"""References that two ways lead to: one way gives the value, and no two columns wait for each other."""

from tests.engine.rules.suggestions.building import imported, rows_of

CIRCLE = """
create table address (address_id int primary key, street varchar(60));
create table clerk (clerk_id int primary key, address_id int not null references address (address_id), shop_id int);
create table shop (shop_id int primary key, chief_clerk_id int not null, address_id int not null
    references address (address_id), foreign key (chief_clerk_id) references clerk (clerk_id));
create table guest (guest_id int primary key, shop_id int not null, address_id int not null
    references address (address_id), foreign key (shop_id) references shop (shop_id));
"""


def test_a_shared_parent_is_read_through_the_other_key():
    script = """create table owner (owner_id int primary key);
    create table boat (boat_id int primary key, owner_id int not null references owner (owner_id));
    create table trip (boat_id int not null references boat (boat_id), owner_id int not null
    references owner (owner_id))"""
    key = imported(script).table("trip").column("owner_id").foreign_key
    assert key is not None and key.through == "boat_id"


def test_two_tables_that_refer_to_each_other_do_not_wait_for_each_others_address():
    schema = imported(CIRCLE)
    paths = {
        table.name: key.through
        for table in schema.tables
        if table.name != "address" and (key := table.column("address_id").foreign_key) is not None
    }
    assert [paths["clerk"], paths["shop"]].count(None) == 1
    for table in ("clerk", "shop", "guest"):
        assert rows_of(CIRCLE, table, rows=20).height == 20
