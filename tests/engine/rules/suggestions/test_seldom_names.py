"""Names that are rare, or that end like others: what their columns hold."""

import pytest

from tests.engine.rules.suggestions.building import rows_of


@pytest.mark.parametrize(
    ("table", "column", "form"),
    [
        ("dispute", "refusal_explanation varchar(200) not null", r" .*\.$"),
        ("note", "lexical_variant varchar(250) not null", r"^[^{]*$"),
        ("reading", "reading_time varchar(10) not null", r"^[0-2]\d:[0-5]\d:[0-5]\d$"),
        ("relation", "implies_other char(1) not null", "^[YN]$"),
        ("worker", "extension varchar(4) not null", r"^\d{4}$"),
        ("worker", "photo_path varchar(255) not null", "/"),
        ("parcel", "ship_name varchar(60) not null", r"^[A-Z][a-zA-Z.]+ [^-]*[A-Z][A-Za-z.]+$"),
        ("vendor", "business_profile_mcc varchar(10) not null", r"^\d{4}$"),
        ("price_plan", "interval varchar(20) not null", "^(day|week|month|year)$"),
        ("card", "funding varchar(20) not null", "^(credit|debit|prepaid)$"),
        ("film", "rating varchar(10) not null", "^(G|PG|PG-13|R|NC-17)$"),
    ],
)
def test_a_text_holds_what_its_name_says(table: str, column: str, form: str):
    values = rows_of(f"create table {table} (n int, {column})", table)[column.split()[0]]
    assert values.cast(str).str.contains(form).all()


@pytest.mark.parametrize(
    ("table", "column", "low", "high"),
    [
        ("fee", "payment_sequential int", 1, 30),
        ("sale", "revision_number smallint", 1, 12),
        ("sale", "payment_installments int", 1, 24),
        ("sale", "order_line_number smallint", 1, 30),
        ("buyer", "zip_code_prefix int", 1000, 99_999),
        ("dealer", "year_opened int", 1950, 2024),
        ("dealer", "days_until_due int", 7, 90),
        ("film", "rental_duration smallint", 1, 14),
        ("invoice", "amount_remaining_gte bigint", 1, 5000),
    ],
)
def test_a_number_lies_where_its_name_says(table: str, column: str, low: int, high: int):
    values = rows_of(f"create table {table} (n int, {column} not null)", table)[column.split()[0]]
    assert values.min() >= low and values.max() <= high and values.n_unique() > 2
