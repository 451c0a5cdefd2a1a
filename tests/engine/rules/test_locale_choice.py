"""`locale_by`: the locale of a row by another column."""

import polars as pl
import pytest

from engine.errors import RuleError, SchemaError
from engine.rules.compiler import TableCompiler
from engine.schema.files import read_schema, schema_to_json
from tests.engine.rules.building import frame_of, schema_of

COUNTRY = {"name": "country", "data_type": "CHAR(2)", "values": ["DE", "JP", "US", "FR"]}
BY_COUNTRY = {"column": "country", "locales": {"DE": "de_DE", "JP": "ja_JP", "FR": "fr_FR"}, "default": "en_US"}
LOCALES = {"DE": "de_DE", "JP": "ja_JP", "FR": "fr_FR", "US": "en_US"}
PERSON = [
    {"name": name, "data_type": "VARCHAR(80)", "faker_rule": rule}
    for name, rule in {
        "first_name": "first_name", "last_name": "last_name", "email": "email", "city": "city", "zip": "postcode",
        "phone": "phone_number",
    }.items()
]  # fmt: skip


def people(*first, columns=PERSON, **options):
    return schema_of(people=[*first, *({**column, **options} for column in columns)])


def test_each_row_has_the_values_of_its_locale():
    frame = frame_of(people(COUNTRY, locale_by=BY_COUNTRY), "people", 400)
    for country, locale in LOCALES.items():
        one = frame_of(people(COUNTRY, locale=locale), "people", 400)
        is_here = pl.col("country") == country
        assert frame.filter(is_here).equals(one.filter(is_here))


def test_rows_without_a_listed_value_have_the_default_locale():
    maybe = COUNTRY | {"required": False, "null_fraction": 0.4}
    choice = {"column": "country", "locales": {"DE": "de_DE"}}
    frame = frame_of(people(maybe, locale_by=choice), "people", 300)
    english = frame_of(people(maybe), "people", 300)
    others = pl.col("country").is_null() | (pl.col("country") != "DE")
    assert frame.filter(others).equals(english.filter(others))
    assert not frame.filter(~others).equals(english.filter(~others))


def test_several_values_of_one_locale():
    choice = {"column": "country", "locales": {"DE": "de_DE", "US": "de_DE", "FR": "de_DE", "JP": "de_DE"}}
    frame = frame_of(people(COUNTRY, locale_by=choice), "people", 100)
    assert frame.equals(frame_of(people(COUNTRY, locale="de_DE"), "people", 100))


def test_a_column_that_holds_the_locale():
    column = {"name": "locale", "data_type": "VARCHAR(5)", "values": ["de_DE", "fr_FR"]}
    choice = {"column": "locale", "locales": {"de_DE": "de_DE", "fr_FR": "fr_FR"}}
    frame = frame_of(people(column, locale_by=choice), "people", 200)
    german = frame_of(people(column, locale="de_DE"), "people", 200)
    assert frame.filter(pl.col("locale") == "de_DE").equals(german.filter(pl.col("locale") == "de_DE"))


def test_the_country_of_a_parent():
    key = {"references_table": "shops", "references_column": "id"}
    shops = [{"name": "id", "data_type": "INT", "is_unique": True}, COUNTRY]
    clerks = [
        {"name": "shop_id", "data_type": "INT", "foreign_key": key},
        {"name": "country", "data_type": "CHAR(2)", "expression": "shop_id.country"},
        {
            "name": "name",
            "data_type": "VARCHAR(60)",
            "faker_rule": "name",
            "locale_by": BY_COUNTRY | {"column": "shop_id.country"},
        },
        {"name": "same", "data_type": "VARCHAR(60)", "faker_rule": "name", "locale_by": BY_COUNTRY},
    ]
    frame = frame_of(schema_of(shops=shops, clerks=clerks), "clerks", 200)
    is_japanese = frame["country"] == "JP"
    assert (frame["name"].str.contains(r"^[A-Za-z. ]+$") & is_japanese).sum() == 0
    assert (frame["same"].str.contains(r"^[A-Za-z. ]+$") & is_japanese).sum() == 0


def test_mimesis():
    columns = [
        {"name": name, "data_type": "VARCHAR(80)", "mimesis_rule": f"person.{name}"} for name in ("full_name", "email")
    ]
    choice = {"column": "country", "locales": {"DE": "de", "JP": "ja"}, "default": "en"}
    frame = frame_of(people(COUNTRY, columns=columns, locale_by=choice), "people", 200)
    japanese = frame_of(people(COUNTRY, columns=columns, locale="ja"), "people", 200)
    assert frame.filter(pl.col("country") == "JP").equals(japanese.filter(pl.col("country") == "JP"))


def test_unique_values():
    columns = [{"name": "email", "data_type": "VARCHAR(60)", "faker_rule": "email", "is_unique": True}]
    frame = frame_of(people(COUNTRY, columns=columns, locale_by=BY_COUNTRY), "people", 3_000)
    assert frame["email"].n_unique() == 3_000


def test_nulls_and_numbers():
    columns = [{"name": "n", "data_type": "INT", "faker_rule": "random_int", "required": False, "null_fraction": 0.5}]
    frame = frame_of(people(COUNTRY, columns=columns, locale_by=BY_COUNTRY), "people", 500)
    assert frame["n"].dtype == pl.Int32
    assert frame["n"].is_null().mean() == pytest.approx(0.5, abs=0.1)


def test_any_part_of_the_table_equals_the_whole():
    schema = people(COUNTRY, locale_by=BY_COUNTRY)
    assert frame_of(schema, "people", 30, offset=170).equals(frame_of(schema, "people", 200)[170:])


def test_the_notes_of_a_column():
    schema = people(COUNTRY, locale_by=BY_COUNTRY)
    assert isinstance(TableCompiler(schema, schema.table("people"), 7, {"people": 10}).notes(), list)


def test_a_rule_that_one_locale_lacks_names_it():
    columns = [{"name": "state", "data_type": "VARCHAR(40)", "faker_rule": "state"}]
    with pytest.raises(RuleError, match=r'people\.state: Faker has no rule "state" \(locale ja_JP\)'):
        frame_of(people(COUNTRY, columns=columns, locale_by=BY_COUNTRY), "people", 5)


def test_it_survives_a_round_trip():
    schema = people(COUNTRY, locale_by=BY_COUNTRY)
    assert read_schema(schema_to_json(schema)) == schema


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ({"values": ["a"], "locale_by": BY_COUNTRY}, "locale_by needs a faker_rule or a mimesis_rule"),
        ({"faker_rule": "name", "locale": "de_DE", "locale_by": BY_COUNTRY}, "locale and locale_by cannot be combined"),
        ({"faker_rule": "name", "locale_by": {"column": "country", "locales": {}}}, "locales"),
    ],
)
def test_a_contradiction_is_refused(column, message):
    with pytest.raises(SchemaError, match=message):
        schema_of(t=[COUNTRY, {"name": "x", "data_type": "VARCHAR(40)", **column}])


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"column": "land", "locales": {"DE": "de_DE"}}, r't\.x: locale_by: There is no column "land"'),
        ({"column": "country", "locales": {"DE": "de_XX"}}, r't\.x: Faker has no locale "de_XX"'),
    ],
)
def test_an_unknown_name_is_refused(choice, message):
    schema = schema_of(
        t=[COUNTRY, {"name": "x", "data_type": "VARCHAR(40)", "faker_rule": "name", "locale_by": choice}]
    )
    with pytest.raises(RuleError, match=message):
        frame_of(schema, "t", 5)
