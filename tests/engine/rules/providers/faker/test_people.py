"""One person and one place per row."""

import re

import pytest

from engine.rules.providers.entities import find_prefix
from engine.rules.providers.faker.generators import get_generator, get_provider
from tests.engine.rules.building import frame_of, schema_of

ROWS = 3_000


def people(rows=ROWS, locale="en_US", **rules):
    columns = [
        {"name": name, "data_type": "VARCHAR", "faker_rule": rule, "locale": locale} for name, rule in rules.items()
    ]
    return list(frame_of(schema_of(t=columns), "t", rows).iter_rows(named=True))


def is_address_of(address: str, first: str, last: str) -> bool:
    first, last = first.lower().replace("'", ""), last.lower().replace("'", "")
    stem = address.split("@")[0]
    return stem in (last + first, first + last, first[0] + last) or bool(re.fullmatch(rf"{first}\d\d", stem))


def test_names_and_addresses_of_a_row_belong_to_one_person():
    rules = {"first_name": "first_name", "last_name": "last_name", "full_name": "name", "user_name": "user_name"}
    for row in people(**rules, email="email"):
        first, last = row["first_name"], row["last_name"]
        assert f"{first} {last}" in row["full_name"]
        assert is_address_of(row["user_name"], first, last), row
        assert is_address_of(row["email"], first, last), row


def test_prefixes_are_separate_people():
    rules = {f"{who}_{part}": rule for who in ("buyer", "seller") for part, rule in PARTS.items()}
    rows = people(**rules)
    for who in ("buyer", "seller"):
        assert all(is_address_of(r[f"{who}_email"], r[f"{who}_first_name"], r[f"{who}_last_name"]) for r in rows)
    same = sum(row["buyer_last_name"] == row["seller_last_name"] for row in rows)
    assert same < 60


PARTS = {"first_name": "first_name", "last_name": "last_name", "email": "email"}


@pytest.mark.parametrize(
    ("column", "prefix"),
    [
        ("first_name", ()),
        ("buyer_first_name", ("buyer",)),
        ("buyerEmail", ("buyer",)),
        ("customer_email", ()),
        ("ship_to_city", ("ship", "to")),
    ],
)
def test_prefixes(column, prefix):
    assert find_prefix("customers", column) == prefix


def test_a_unique_address_keeps_the_persons_name():
    columns = [
        {"name": "last_name", "data_type": "VARCHAR", "faker_rule": "last_name"},
        {"name": "first_name", "data_type": "VARCHAR", "faker_rule": "first_name"},
        {"name": "email", "data_type": "VARCHAR(80)", "faker_rule": "email", "is_unique": True},
    ]
    frame = frame_of(schema_of(t=columns), "t", ROWS)
    assert frame["email"].n_unique() == ROWS
    for row in frame.iter_rows(named=True):
        stem, domain = re.fullmatch(r"(.+)\.[0-9a-z]{4}@(.+)", row["email"]).groups()
        assert is_address_of(f"{stem}@{domain}", row["first_name"], row["last_name"]), row


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "fr_FR", "pt_BR", "ja_JP", "ru_RU", "cs_CZ"])
def test_full_names_contain_both_names_in_every_locale(locale):
    for row in people(500, locale, first_name="first_name", last_name="last_name", full_name="name"):
        assert row["first_name"] in row["full_name"], row
        assert row["last_name"] in row["full_name"], row


def test_japanese_addresses_are_the_romanized_name():
    pairs = {pair[0]: pair[2].lower() for pair in get_provider(get_generator("ja_JP"), "person").last_name_pairs}
    rows = people(500, "ja_JP", last_name="last_name", email="email", first_name="first_name")
    named = [row for row in rows if not re.search(r"\d\d@", row["email"])]
    assert len(named) > 300
    assert all(pairs[row["last_name"]] in row["email"] for row in named)


def test_russian_last_names_match_the_sex_of_the_first_name():
    provider = get_provider(get_generator("ru_RU"), "person")
    men, women = set(provider.first_names_male), set(provider.first_names_female)
    rows = people(500, "ru_RU", first_name="first_name", last_name="last_name")
    assert all(row["last_name"] in provider.last_names_male for row in rows if row["first_name"] in men - women)
    assert all(row["last_name"] in provider.last_names_female for row in rows if row["first_name"] in women - men)


def test_men_only():
    rules = {"first_name": "first_name_male", "last_name": "last_name", "name": "name", "name_male": "name_male"}
    names = set(get_provider(get_generator("en_US"), "person").first_names_male)
    for row in people(500, **rules):
        assert row["first_name"] in names
        assert f"{row['first_name']} {row['last_name']}" in row["name"]
        assert f"{row['first_name']} {row['last_name']}" in row["name_male"]


def test_places_agree():
    provider = get_provider(get_generator("en_US"), "address")
    rules = {"state": "state", "state_abbr": "state_abbr", "zip": "postcode"}
    rows = people(**rules, country="country", country_code="country_code")
    abbreviations = dict(zip(provider.states, [c for c in provider.states_abbr if c != "DC"], strict=True))
    for row in rows:
        assert abbreviations[row["state"]] == row["state_abbr"]
        low, high = provider.states_postcode[row["state_abbr"]]
        assert low <= int(row["zip"]) <= high
        assert len(row["zip"]) == 5
        assert (row["country"], row["country_code"]) == ("United States", "US")
    assert len({row["state"] for row in rows}) == 50


def test_a_country_and_its_code_without_a_state():
    rows = people(country="country", country_code="country_code")
    assert len({row["country"] for row in rows}) == len({row["country_code"] for row in rows}) > 150
    assert {"country": "France", "country_code": "FR"} in rows


def test_postcodes_as_numbers():
    schema = schema_of(t=[{"name": "zip", "data_type": "INT", "faker_rule": "postcode"}])
    assert frame_of(schema, "t", 500)["zip"].is_between(500, 99_999).all()
