import pytest

from engine.rules.providers.faker.generators import methods_of as faker_methods
from engine.rules.providers.mimesis.generators import methods_of as mimesis_methods
from engine.rules.providers.rule_hints import rule_hint


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("full_name", "name"), ("fullName", "name"), ("person.full_name", "name"), ("person_name", "name"),
        ("surname", "last_name"), ("family_name", "last_name"), ("given_name", "first_name"),
        ("username", "user_name"), ("phone", "phone_number"), ("telephone", "phone_number"),
        ("mobile", "phone_number"), ("email_address", "email"), ("e_mail", "email"), ("zip_code", "zipcode"),
        ("postal_code", "postalcode"), ("province", "state"), ("street", "street_name"), ("company_name", "company"),
        ("job_title", "job"), ("occupation", "job"), ("birthday", "date_of_birth"), ("dob", "date_of_birth"),
        ("uuid", "uuid4"), ("guid", "uuid4"), ("ip", "ipv4"), ("ip_address", "ipv4"), ("mac", "mac_address"),
        ("card_number", "credit_card_number"), ("price", "pricetag"), ("lat", "latitude"),
        ("description", "paragraph"), ("timestamp", "date_time"), ("gender", "passport_gender"),
        ("frist_name", "first_name"), ("adress", "address"), ("compnay", "company"), ("emial", "email"),
        ("FIRST_NAME", "first_name"), ("cities", "city"), ("customer_city", "city"),
        ("shipping_street_address", "street_address"), ("home_country", "country"), ("country_name", "country"),
        ("state_name", "state"), ("iban_number", "iban"), ("ssn_number", "ssn"), ("sku", "ean"), ("sku_code", "ean"),
        ("telephone_no", "phone_number"), ("lng", "longitude"), ("website", "url"), ("salary", "pydecimal"),
        ("city_name", "city"), ("color_value", "color"), ("job_name", "job"), ("uuid_value", "uuid4"),
        ("url_address", "url"), ("ip_number", "ipv4"), ("date_value", "date"), ("timezone_name", "timezone"),
        ("bank_name", "bank"), ("name_first", "first_name"), ("age", "pyint"), ("contact_name", "name"),
        ("middle_name", "first_name"), ("product_name", "word"), ("zip_number", "zip"), ("mac_number", "mac_address"),
    ],
)  # fmt: skip
def test_faker_rules_are_found_by_meaning(given: str, meant: str):
    assert rule_hint(given, faker_methods("en_US")) == f'Did you mean "{meant}"?'


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("full_name", "person.full_name"), ("person.fullname", "person.full_name"), ("phone", "person.telephone"),
        ("address.zipcode", "address.zip_code"), ("job", "person.occupation"), ("company", "finance.company"),
        ("country_name", "address.country"), ("state_name", "address.state"), ("city_name", "address.city"),
        ("sku", "code.ean"), ("email_address", "person.email"), ("zip", "address.zip_code"),
        ("lng", "address.longitude"),
        ("website", "internet.url"), ("birthday", "person.birthdate"), ("salary", "numeric.decimal_number"),
        ("bank_name", "finance.bank"), ("uuid_value", "cryptographic.uuid"), ("phone_no", "person.telephone"),
        ("ipv4", "internet.ip_v4"), ("uuid4", "cryptographic.uuid"), ("person.frist_name", "person.first_name"),
    ],
)  # fmt: skip
def test_mimesis_rules_are_found_by_meaning(given: str, meant: str):
    assert rule_hint(given, mimesis_methods("en")) == f'Did you mean "{meant}"?'


def test_an_unknown_name_gets_no_hint():
    assert rule_hint("xqzzy", faker_methods("en_US")) == ""
    assert rule_hint("order_id", faker_methods("en_US")) == ""
    assert rule_hint("", faker_methods("en_US")) == ""
