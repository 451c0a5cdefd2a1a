import re

import pytest

from engine.errors import RuleError
from tests.engine.rules.building import frame_of, schema_of, values_of

ROWS = 3_000


@pytest.mark.parametrize(
    ("kind", "rule", "form"),
    [
        ("VARCHAR(36)", "uuid4", r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        ("CHAR(32)", "md5", "[0-9a-f]{32}"),
        ("CHAR(64)", "sha256", "[0-9a-f]{64}"),
        ("VARCHAR(17)", "vin", "[A-HJ-NPR-Z0-9]{17}"),
        ("VARCHAR(17)", "mac_address", "([0-9a-f]{2}:){5}[0-9a-f]{2}"),
        ("VARCHAR(39)", "ipv6", "([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}"),
        ("VARCHAR(11)", "ssn", r"\d{3}-\d{2}-\d{4}"),
        ("VARCHAR(12)", "phone_number", r"[\d.()-]{7,12}"),
        ("VARCHAR(40)", "domain_name", r"[a-z0-9-]+(\.[a-z0-9-]+)+\.[a-z]{2,5}"),
        ("VARCHAR(20)", "email", r"[a-z0-9]+\.[a-z0-9]{4}@[a-z]+\.[a-z]+"),
    ],
)
def test_unique_values_keep_their_format(kind, rule, form):
    drawn = values_of(ROWS, data_type=kind, faker_rule=rule, is_unique=True).cast(str)
    assert drawn.n_unique() == ROWS
    assert [text for text in drawn if not re.fullmatch(form, text)] == []


def _luhn(text):
    doubled = [int(sign) * (1 + place % 2) for place, sign in enumerate(reversed(text))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def _ean(text):
    return sum(int(sign) * (1, 3)[place % 2] for place, sign in enumerate(text)) % 10 == 0


def _iban(text):
    return int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 == 1


@pytest.mark.parametrize(("rule", "is_right"), [("credit_card_number", _luhn), ("ean13", _ean), ("iban", _iban)])
def test_unique_numbers_have_the_right_check_digit(rule, is_right):
    drawn = values_of(ROWS, data_type="VARCHAR(40)", faker_rule=rule, is_unique=True)
    assert drawn.n_unique() == ROWS
    assert all(map(is_right, drawn))


def test_a_format_with_too_few_texts_is_refused_with_its_capacity():
    with pytest.raises(RuleError, match=r"but only 1\d\d are possible"):
        values_of(1_000, data_type="CHAR(2)", faker_rule="country_code", is_unique=True)


def test_mimesis_formats_stay_whole():
    drawn = values_of(ROWS, data_type="VARCHAR(36)", mimesis_rule="cryptographic.uuid", is_unique=True)
    assert drawn.n_unique() == ROWS and drawn.str.contains("^[0-9a-f-]{36}$").all()


@pytest.mark.parametrize(
    ("kind", "rule", "form"),
    [
        ("VARCHAR(20)", "email", r"[a-z0-9]+@[a-z-]+\.[a-z]{2,4}"),
        ("VARCHAR(12)", "email", r"[a-z0-9]+@[a-z-]+\.[a-z]{2,4}"),
        ("VARCHAR(10)", "country", r"[A-Z][^,]{2,9}"),
        ("VARCHAR(3)", "country", "[A-Z]{3}"),
        ("VARCHAR(8)", "state", "[A-Z]{2}"),
        ("VARCHAR(12)", "phone_number", r"[\d.()-]{10,12}"),
        ("VARCHAR(8)", "phone_number", r"\d{3}-\d{4}"),
        ("VARCHAR(20)", "url", r"https?://(www\.)?[a-z-]+\.[a-z]+/"),
        ("VARCHAR(3)", "month_name", "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"),
        ("VARCHAR(3)", "day_of_week", "Mon|Tue|Wed|Thu|Fri|Sat|Sun"),
        ("VARCHAR(30)", "sentence", r"[A-Z][A-Za-z ]+\."),
        ("VARCHAR(60)", "text", r"(?s)[A-Z].*\."),
    ],
)
def test_values_fit_instead_of_being_cut(kind, rule, form):
    drawn = values_of(2_000, data_type=kind, faker_rule=rule).cast(str)
    assert [text for text in drawn if not re.fullmatch(form, text)] == []


def test_a_value_that_fits_does_not_depend_on_the_length():
    short, long = (values_of(500, data_type=f"VARCHAR({size})", faker_rule="city").cast(str) for size in (12, 60))
    assert all(one == other for one, other in zip(short, long, strict=True) if len(other) <= 12)


@pytest.mark.parametrize(("words", "length"), [(12, 30), (12, 44), (12, 79), (4, 24), (4, 30), (20, 30)])
def test_a_sentence_that_is_too_long_ends_after_an_earlier_word(words, length):
    rule = {"faker_rule": "sentence", "faker_args": {"nb_words": words}}
    whole, short = (values_of(500, data_type=f"VARCHAR({size})", **rule) for size in (400, length))
    assert max(map(len, short)) <= length and any(text != full for text, full in zip(short, whole, strict=True))
    for text, full in zip(short, whole, strict=True):
        assert text == full or (text.endswith(".") and full.startswith(text[:-1]))
        assert text == full or re.match(r"[\s.,]", full[len(text) - 1 :])


def test_the_names_of_a_person_fit_all_columns_and_agree():
    schema = schema_of(
        t=[
            {"name": "first_name", "data_type": "VARCHAR(6)", "faker_rule": "first_name"},
            {"name": "full_name", "data_type": "VARCHAR(14)", "faker_rule": "name"},
        ]
    )
    frame = frame_of(schema, "t", 1_000)
    assert frame["full_name"].cast(str).str.len_chars().max() <= 14
    pairs = zip(frame["first_name"].cast(str), frame["full_name"].cast(str), strict=True)
    assert all(first in full.split() for first, full in pairs)
