"""Addresses, coordinates and currencies of imported tables become parts of one place."""

import pytest

from engine import import_sql
from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.rules.places.countries import countries
from engine.rules.places.gazetteer import places


def schema_of(columns: str, table: str = "t", dialect: str = "redshift"):
    return import_sql(f"create table {table} (id int primary key, {columns})", name="lab", dialect=dialect).schema


def places_of(columns: str, table: str = "t") -> dict[str, tuple[str | None, str | None]]:
    found = schema_of(columns, table).tables[0].columns
    return {column.name: (column.place, column.place_of) for column in found if column.place}


def frame_of(columns: str, table: str = "t", rows: int = 400):
    schema = schema_of(columns, table)
    return preview(schema, schema.tables[0], rows=rows, offset=0, seed=1, counts=row_counts(schema, {}))


@pytest.mark.parametrize(
    ("names", "owner"),
    [
        (("city", "state", "zip", "country"), None),
        (("billing_city", "billing_state", "billing_zip", "billing_country"), "billing"),
        (("ship_to_city", "ship_to_state", "ship_to_postal_code", "ship_to_country"), "ship_to"),
        (("shipcity", "shipregion", "shippostalcode", "shipcountry"), "ship"),
        (("BillingCity", "BillingState", "BillingPostalCode", "BillingCountry"), "Billing"),
        (("homeCity", "homeProvince", "homePostcode", "homeCountry"), "home"),
        (("origin_town", "origin_province", "origin_zipcode", "origin_country_name"), "origin"),
        (("address_city", "address_state", "address_zip", "address_country"), None),
        (("t_city", "t_state", "t_zip", "t_country"), None),
    ],
)
def test_the_columns_of_an_address_are_one_place_in_any_naming_style(names, owner):
    found = places_of(", ".join(f"{name} varchar(40)" for name in names))
    assert [part for part, _ in found.values()] == ["city", "state", "postcode", "country"]
    assert {(one or "").casefold() for _, one in found.values()} == {(owner or "").casefold()}


def test_two_addresses_of_a_row_are_two_places():
    parts = ("city varchar(40)", "state char(2)", "zip varchar(10)")
    columns = ", ".join(f"{owner}_{part}" for owner in ("billing", "shipping") for part in parts)
    found = places_of(columns)
    assert found["billing_state"] == ("state_code", "billing")
    assert found["shipping_zip"] == ("postcode", "shipping")
    frame = frame_of(columns)
    assert (frame["billing_city"] == frame["shipping_city"]).mean() < 0.2
    city = {place.city: place for place in places() if place.country.code == "US"}
    assert all(code in city[name].postcodes() for name, code in frame.select("shipping_city", "shipping_zip").rows()
               if name not in ("Portland", "Charleston") and name and code)  # fmt: skip


@pytest.mark.parametrize("name", ["city", "capacity_city", "country", "latitude", "velocity", "real_estate", "zip"])
def test_a_part_that_stands_alone_is_not_a_place(name):
    assert places_of(f"{name} varchar(40), note varchar(40), status varchar(20)") == {}


def test_words_that_only_end_like_a_part_are_no_places():
    assert places_of("capacity varchar(40), estate varchar(40), gzip varchar(40), ethnicity varchar(40)") == {}


@pytest.mark.parametrize(
    ("data_type", "part"),
    [
        ("char(2)", "country_code"),
        ("varchar(3)", "country_code_3"),
        ("varchar(10)", "country_code"),
        ("varchar(60)", "country"),
    ],
)
def test_a_country_is_a_code_where_names_do_not_fit(data_type, part):
    assert places_of(f"city varchar(40), country {data_type}")["country"] == (part, None)


def test_coordinates_are_of_one_point_and_a_dropoff_is_near_its_pickup():
    columns = ", ".join(f"{end}_{axis} double precision" for end in ("pickup", "dropoff") for axis in ("lat", "lng"))
    found = schema_of(columns, "trips").tables[0]
    assert found.column("dropoff_lat").place_near == "pickup"
    frame = frame_of(columns, "trips").drop_nulls()
    assert (frame["pickup_lat"] - frame["dropoff_lat"]).abs().max() < 0.1
    assert (frame["pickup_lng"] - frame["dropoff_lng"]).abs().max() < 0.1
    assert frame["pickup_lat"].min() > 18


def test_a_longitude_is_null_where_its_latitude_is():
    frame = frame_of("latitude float, longitude float")
    assert frame["latitude"].null_count() > 0
    assert frame["latitude"].is_null().equals(frame["longitude"].is_null())


def test_coordinates_of_a_landing_table_are_text():
    frame = frame_of("city varchar(40), lat varchar(20), lon varchar(20), zip varchar(20)", "raw_stores").drop_nulls()
    assert frame["lat"].str.contains(r"^\d+\.\d{6}$").all()


def test_currency_and_phone_belong_to_the_country_of_the_row():
    frame = frame_of("country_code char(2), currency char(3), phone varchar(20)", "customers").drop_nulls()
    for code, currency, phone in frame.select("country_code", "currency", "phone").rows():
        assert currency == countries()[code].currency
        assert phone.startswith(f"+{countries()[code].dialling} ")


def test_a_currency_goes_with_the_billing_country():
    found = places_of("ship_country char(2), billing_country char(2), currency char(3)", "orders")
    assert found["currency"] == ("currency", "billing")


def test_two_currencies_of_a_row_are_not_both_of_its_country():
    found = places_of("country char(2), city varchar(40), from_currency char(3), to_currency char(3)", "transfers")
    assert set(found) == {"country", "city"}


def test_a_currency_without_a_country_is_mostly_that_of_the_locale():
    columns = "amount decimal(10,2), currency char(3)"
    share = (frame_of(columns, "payments")["currency"].drop_nulls() == "USD").mean()
    assert 0.6 < share < 0.8


def test_a_region_is_the_state_of_a_city_or_the_continent_of_a_country():
    assert places_of("city varchar(40), region varchar(40), country varchar(40)")["region"][0] == "state"
    assert places_of("region varchar(40), country varchar(40), note varchar(9)")["region"][0] == "continent"


def test_a_suggestion_says_what_it_agrees_with_and_declared_rules_stay():
    table = schema_of("city varchar(40), state char(2), zip char(5) unique").tables[0]
    assert table.column("city").suggested
    assert "state" in (table.column("city").because or "")
    assert table.column("zip").place is None


def test_a_column_too_short_for_any_place_is_left_out():
    found = places_of("city varchar(40), state char(2), zip char(3), country char(2)")
    assert "zip" not in found
    assert len(found) == 3


@pytest.mark.parametrize("default", ["US", "USA", "United States"])
def test_a_default_country_is_the_country_of_all_rows(default):
    frame = frame_of(f"city varchar(40), state varchar(40), country varchar(40) default '{default}'").drop_nulls()
    assert set(frame["country"]) == {default}
    assert set(frame["state"]) <= {place.state for place in places() if place.country.code == "US"}


def test_a_default_that_would_disagree_with_the_country_is_noted_and_not_used():
    script = "create table t (id int primary key, city varchar(40), country char(2), currency char(3) default 'EUR')"
    imported = import_sql(script, name="lab", dialect="redshift")
    assert imported.schema.tables[0].column("currency").default_value is None
    assert any("DEFAULT 'EUR' is not used" in note.message for note in imported.notes)


def test_a_default_currency_without_a_country_is_a_share_of_the_rows():
    share = (frame_of("amount decimal(9,2), currency char(3) default 'EUR'")["currency"].drop_nulls() == "EUR").mean()
    assert share > 0.4
