"""The facts: codes, currencies and time zones exist, and states, postcodes and coordinates agree with Faker."""

from zoneinfo import available_timezones

from faker.providers.address.en_US import Provider as AmericanAddresses
from faker.providers.currency import Provider as Currencies
from faker.providers.date_time import Provider as Dates

from engine.rules.places.countries import countries, country_of_locale
from engine.rules.places.gazetteer import places, shares


def test_codes_and_currencies_of_countries_are_those_that_faker_knows():
    known = {(country.alpha_2_code, country.alpha_3_code) for country in Dates.countries} | {("HK", "HKG")}
    currencies = {code for code, _ in Currencies.currencies}
    for country in countries().values():
        assert (country.code, country.code3) in known
        assert country.currency in currencies


def test_every_country_has_a_city_and_every_time_zone_exists():
    assert {place.country.code for place in places()} == set(countries())
    assert {place.timezone for place in places()} <= available_timezones()


def test_american_postcodes_are_in_the_range_of_their_state():
    american = [place for place in places() if place.country.code == "US"]
    ranges = {**AmericanAddresses.states_postcode, "DC": (20001, 20599), "TX": (75001, 79999), "NE": (68001, 69367)}
    ranges |= {"CT": (6001, 6928), "KY": (40003, 42788), "OK": (73001, 74966), "WV": (24701, 26886)}
    wrong = {
        (place.city, code)
        for place in american
        for code in place.postcodes()
        if not ranges[place.state_code][0] // 100 <= int(code) // 100 <= ranges[place.state_code][1] // 100
    }
    assert not wrong
    names = dict(zip(AmericanAddresses.states_abbr, AmericanAddresses.states, strict=False))
    assert {place.state_code for place in american} >= set(names)


def test_all_texts_are_ascii_so_that_characters_are_bytes():
    parts = ("city", "state", "state_code", "country", "timezone")
    assert all(place.text(part).isascii() for place in places() for part in parts)


def test_the_home_country_has_two_fifths_of_the_rows_and_an_unknown_one_its_weight():
    weights = shares(places(), country_of_locale("de_DE"))
    german = sum(weight for place, weight in zip(places(), weights, strict=True) if place.country.code == "DE")
    assert 0.39 < german / sum(weights) < 0.41
    assert country_of_locale("ja") == countries()["JP"]
    assert country_of_locale("xx_XX") is None
