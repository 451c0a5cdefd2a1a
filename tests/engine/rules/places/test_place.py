"""The rule place: all parts of a group are of one place, values fit their columns, and groups of a row differ."""

from decimal import Decimal

import polars as pl
import pytest

from engine.errors import WorkbenchError
from engine.rules.places.gazetteer import places
from engine.schema.files import read_schema, schema_to_json
from tests.engine.rules.building import frame_of, schema_of, values_of

CITY = {"data_type": "VARCHAR(40)", "place": "city"}


def column(name: str, data_type: str, place: str, **keys: object) -> dict:
    return {"name": name, "data_type": data_type, "place": place, **keys}


ADDRESS = [
    column("city", "VARCHAR(40)", "city"),
    column("state", "VARCHAR(40)", "state"),
    column("state_code", "VARCHAR(3)", "state_code"),
    column("zip", "VARCHAR(10)", "postcode"),
    column("country", "VARCHAR(40)", "country"),
    column("iso2", "CHAR(2)", "country_code"),
    column("iso3", "CHAR(3)", "country_code_3"),
    column("continent", "VARCHAR(20)", "continent"),
    column("currency", "CHAR(3)", "currency"),
    column("timezone", "VARCHAR(40)", "timezone"),
    column("phone", "VARCHAR(20)", "phone"),
    column("lat", "DECIMAL(9,6)", "latitude"),
    column("lon", "DOUBLE", "longitude"),
]


def test_all_parts_of_a_row_are_of_one_place():
    by_city = {(place.city, place.country.code, place.state_code): place for place in places()}
    frame = frame_of(schema_of(t=ADDRESS), "t", 2000)
    assert frame["iso2"].n_unique() > 30
    for row in frame.iter_rows(named=True):
        place = by_city[row["city"], row["iso2"], row["state_code"]]
        assert (row["state"], row["country"], row["iso3"]) == (place.state, place.country.name, place.country.code3)
        assert row["continent"] == place.country.continent
        assert (row["currency"], row["timezone"]) == (place.country.currency, place.timezone)
        assert row["zip"] in place.postcodes()
        assert row["phone"].startswith(f"+{place.country.dialling} {place.area_code}".rstrip())
        assert abs(row["lat"] - Decimal(place.latitude) / 10**6) <= Decimal("0.03")
        assert abs(row["lon"] - place.longitude / 10**6) <= 0.0300001


def test_rows_do_not_depend_on_the_part_that_is_asked_for():
    schema = schema_of(t=ADDRESS)
    whole = frame_of(schema, "t", 300)
    assert frame_of(schema, "t", 100, offset=200).equals(whole.slice(200))
    assert frame_of(schema, "t", 0).height == 0
    assert not frame_of(schema, "t", 300, seed=8).equals(whole)


def test_without_a_country_all_places_are_in_the_country_of_the_locale():
    columns = [column("city", "VARCHAR(40)", "city"), column("st", "CHAR(2)", "state_code")]
    american = {place.city for place in places() if place.country.code == "US"}
    assert set(frame_of(schema_of(t=columns), "t", 500)["city"]) <= american
    german = schema_of(t=columns).model_copy(update={"locale": "de_DE"})
    assert {"Berlin", "Munich"} <= set(frame_of(german, "t", 500)["city"])
    of_column = schema_of(t=[{**ADDRESS[0], "locale": "ja_JP"}, ADDRESS[4]])
    assert set(frame_of(of_column, "t", 200)["country"]) == {"Japan"}


def test_two_groups_of_a_row_differ_and_a_near_one_has_the_same_city():
    columns = [
        column("a_city", "VARCHAR(40)", "city", place_of="billing"),
        column("b_city", "VARCHAR(40)", "city", place_of="Shipping"),
        column("c_city", "VARCHAR(40)", "city", place_of="dropoff", place_near="Billing"),
        column("a_lat", "DOUBLE", "latitude", place_of="Billing"),
        column("c_lat", "DOUBLE", "latitude", place_of="dropoff"),
    ]
    frame = frame_of(schema_of(t=columns), "t", 500)
    assert (frame["a_city"] == frame["b_city"]).mean() < 0.2
    assert frame["a_city"].equals(frame["c_city"])
    assert (frame["a_lat"] - frame["c_lat"]).abs().max() <= 0.0600001
    assert (frame["a_lat"] == frame["c_lat"]).mean() < 0.01


@pytest.mark.parametrize(
    ("data_type", "place", "longest"),
    [
        ("VARCHAR(7)", "country", 7),
        ("VARCHAR(5)", "city", 5),
        ("VARCHAR(2)", "state_code", 2),
        ("VARCHAR(5)", "postcode", 5),
        ("VARCHAR(12)", "phone", 12),
        ("VARCHAR(7)", "longitude", 7),
    ],
)
def test_values_that_do_not_fit_are_never_drawn_nor_cut(data_type, place, longest):
    frame = frame_of(schema_of(t=[*ADDRESS[4:5], column("x", data_type, place)]), "t", 500)
    assert frame["x"].str.len_chars().max() <= longest
    whole = {one.text(place) for one in places()} if place in ("country", "city", "state_code") else None
    assert whole is None or set(frame["x"]) <= whole


def test_a_coordinate_is_rounded_to_the_scale_and_a_postcode_may_be_a_number():
    frame = frame_of(
        schema_of(
            t=[
                column("lat", "DECIMAL(4,2)", "latitude"),
                column("fine", "DECIMAL(12,9)", "latitude"),
                column("text", "VARCHAR(20)", "latitude"),
                column("zip", "INT", "postcode"),
                column("number", "NUMBER(5,0)", "postcode"),
            ]
        ),
        "t",
        500,
    )
    assert frame["fine"].round(6).cast(pl.String).str.replace("000$", "").equals(frame["text"].str.replace("000$", ""))
    assert (frame["fine"].cast(pl.Float64) - frame["lat"].cast(pl.Float64)).abs().max() <= 0.005000001
    assert frame["zip"].dtype == pl.Int32
    assert frame["zip"].cast(pl.Int64).equals(frame["number"].cast(pl.Int64))


def test_two_phones_of_a_row_differ():
    columns = [ADDRESS[5], column("phone", "VARCHAR(20)", "phone"), column("fax", "VARCHAR(20)", "phone")]
    frame = frame_of(schema_of(t=columns), "t", 200)
    assert (frame["phone"] != frame["fax"]).all()
    assert (frame["phone"].str.slice(0, 3) == frame["fax"].str.slice(0, 3)).all()


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({**CITY, "is_unique": True}, "place cannot make unique values"),
        ({**CITY, "data_type": "INT"}, "city of a place is a text"),
        ({**CITY, "data_type": "DATE"}, "place does not apply to type DATE"),
        ({"data_type": "INT", "place": "latitude"}, "A whole number cannot hold a latitude"),
        ({"data_type": "DOUBLE", "place": "postcode"}, "postcode of a place is a text"),
        ({**CITY, "data_type": "VARCHAR(2)"}, "No place fits x"),
        ({**CITY, "locale": "xx_XX"}, "There are no places for the locale xx_XX"),
        ({**CITY, "place_near": "pickup"}, 'place_near names "pickup"'),
        ({**CITY, "faker_rule": "city"}, "faker_rule and place cannot be combined"),
        ({"data_type": "INT", "place_of": "billing"}, "place_of can only be used with place"),
    ],
)
def test_a_contradiction_is_refused_with_its_column(keys, message):
    with pytest.raises(WorkbenchError) as raised:
        values_of(5, **keys)
    assert message in str(raised.value)
    assert "t.x" in str(raised.value)


def test_a_composite_key_of_places_is_refused():
    table = {"name": "t", "columns": ADDRESS[:2], "primary_key": ["city", "state"]}
    with pytest.raises(WorkbenchError, match="place cannot be combined with a composite key"):
        frame_of(read_schema({"name": "lab", "tables": [table]}), "t", 5)


def test_the_keys_survive_a_round_trip_as_json():
    near = column("y", "VARCHAR(40)", "city", place_of="b", place_near="a")
    schema = schema_of(t=[column("x", "VARCHAR(40)", "city", place_of="a"), near])
    assert read_schema(schema_to_json(schema)) == schema
