import inspect

import polars as pl
import pytest

from engine.errors import RuleError
from engine.rules.providers.library import Method
from engine.rules.providers.mimesis.generators import locale_for, methods_of, new_generator
from engine.rules.providers.mimesis.rules import form_of
from tests.engine.rules.building import frame_of, schema_of, values_of

POOLED = set(
    """address.coordinates address.country_emoji_flag binaryfile.document binaryfile.image binaryfile.video code.imei
    cryptographic.api_key cryptographic.certificate_fingerprint cryptographic.hash cryptographic.jwt
    cryptographic.token_bytes cryptographic.token_urlsafe cryptographic.uuid_object datetime.duration
    datetime.formatted_date datetime.formatted_datetime datetime.formatted_time datetime.future_date
    datetime.future_datetime datetime.past_date datetime.past_datetime datetime.time finance.price finance.price_in_btc
    hardware.cpu_frequency internet.http_request_headers internet.http_response_headers internet.ip_v4_cidr
    internet.ip_v4_object internet.ip_v4_with_port internet.ip_v6_cidr internet.ip_v6_object internet.query_parameters
    internet.query_string internet.special_ip_v4 internet.special_ip_v4_object internet.uri numeric.complex_number
    numeric.complexes numeric.decimal_number numeric.decimals numeric.float_number numeric.floats numeric.matrix
    path.dev_dir path.project_dir path.users_folder payment.credit_card_number payment.credit_card_owner
    payment.ethereum_address person.height text.rgb_color text.text""".split()
)


def methods_without_arguments():
    generator = new_generator("en")
    for rule in sorted(methods_of("en")):
        provider, method = rule.split(".")
        parameters = inspect.signature(getattr(getattr(generator, provider), method)).parameters.values()
        if rule != "choice.choice" and all(p.default is not p.empty or p.kind in (2, 4) for p in parameters):
            yield rule


def test_all_methods_exist_and_most_are_compiled():
    rules = list(methods_without_arguments())
    assert len(rules) == 208
    assert set(rules) >= POOLED
    assert 1 - len(POOLED) / len(rules) > 0.74


@pytest.mark.slow
@pytest.mark.parametrize("rule", list(methods_without_arguments()))
def test_every_method_makes_text(rule):
    assert (form_of(Method("en", rule)).pool_size > 0) == (rule in POOLED)
    values = values_of(10, data_type="VARCHAR(30)", mimesis_rule=rule)
    assert values.null_count() == 0
    assert values.str.len_chars().max() <= 30


@pytest.mark.parametrize(
    ("rule", "data_type", "pattern"),
    [
        ("person.full_name", "VARCHAR", r"^\S+ .+$"),
        ("address.zip_code", "VARCHAR", r"^\d{5}$"),
        ("cryptographic.uuid", "UUID", r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"),
        ("internet.ip_v4", "VARCHAR", r"^(\d{1,3}\.){3}\d{1,3}$"),
        ("person.email", "VARCHAR", r"^\w+@[\w.]+$"),
        ("payment.cvv", "VARCHAR", r"^\d{3}$"),
        ("datetime.date", "VARCHAR", r"^20\d\d-\d\d-\d\d$"),
        ("code.ean", "VARCHAR", r"^\d+$"),
    ],
)
def test_forms(rule, data_type, pattern):
    assert values_of(500, data_type=data_type, mimesis_rule=rule).cast(pl.String).str.contains(pattern).all()


@pytest.mark.parametrize(
    ("rule", "data_type", "dtype"),
    [
        ("numeric.integer_number", "INT", pl.Int32),
        ("address.latitude", "DOUBLE", pl.Float64),
        ("datetime.date", "DATE", pl.Date),
        ("development.boolean", "BOOLEAN", pl.Boolean),
        ("datetime.datetime", "TIMESTAMP", pl.Datetime("us")),
    ],
)
def test_types(rule, data_type, dtype):
    drawn = values_of(300, data_type=data_type, mimesis_rule=rule)
    assert drawn.dtype == dtype
    assert drawn.n_unique() > 1


@pytest.mark.parametrize(
    ("locale", "letters"), [("ru", "[а-яё]"), ("ja_JP", "[ぁ-龥]"), ("de_DE", "[a-zäöü]"), ("el", "[α-ω]")]
)
def test_locales(locale, letters):
    drawn = values_of(200, data_type="VARCHAR", mimesis_rule="person.last_name", locale=locale)
    assert drawn.str.contains(letters).all()


@pytest.mark.parametrize(("name", "found"), [("en_GB", "en-gb"), ("en_US", "en"), ("pt_BR", "pt-br"), ("xx", None)])
def test_locale_names(name, found):
    assert locale_for(name) == found


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ({"mimesis_rule": "person.ful_name"}, r't\.x: Mimesis has no rule "person\.ful_name"\. Did you mean'),
        ({"mimesis_rule": "zzz"}, r'Mimesis has no rule "zzz"\. A rule is "provider\.method"'),
        ({"mimesis_rule": "person.name", "locale": "xx"}, 'Mimesis has no locale "xx"'),
        ({"mimesis_rule": "choice.choice"}, r'The Mimesis rule "choice\.choice" failed'),
        ({"mimesis_rule": "person.full_name", "data_type": "INT"}, "which is not a INT"),
    ],
)
def test_refusals(column, message):
    with pytest.raises(RuleError, match=message):
        values_of(1, **{"data_type": "VARCHAR", **column})


@pytest.mark.parametrize("locale", ["en", "ru", "cs", "ja"])
def test_one_person_per_row(locale):
    rules = {"first_name": "first_name", "last_name": "last_name", "full_name": "full_name", "email": "email"}
    columns = [
        {"name": name, "data_type": "VARCHAR", "mimesis_rule": f"person.{rule}", "locale": locale}
        for name, rule in {**rules, "buyer_last_name": "last_name", "user_name": "username"}.items()
    ]
    frame = frame_of(schema_of(t=columns), "t", 500)
    for row in frame.iter_rows(named=True):
        assert row["full_name"] == f"{row['first_name']} {row['last_name']}"
        letters = "".join(sign for sign in row["email"].split("@")[0] if sign.isalpha())
        assert letters == "".join(sign for sign in row["user_name"] if sign.isalpha())
    assert (frame["last_name"] == frame["buyer_last_name"]).mean() < 0.1


def test_unique_addresses():
    drawn = values_of(5_000, data_type="VARCHAR(40)", mimesis_rule="person.email", is_unique=True)
    assert drawn.n_unique() == 5_000
    assert drawn.str.contains(r"^\w+\.[0-9a-z]{4}@[\w.]+$").all()


def test_offsets():
    whole = values_of(300, data_type="VARCHAR", mimesis_rule="address.address")
    assert values_of(50, offset=200, data_type="VARCHAR", mimesis_rule="address.address").equals(whole[200:250])
