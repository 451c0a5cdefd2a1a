"""The wording of counts, numbers, sizes, durations and times."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.display.wording import (
    ago,
    approximate,
    counted,
    duration,
    exact,
    listed,
    percent,
    significant,
    size,
    timestamp,
    with_thousands,
)

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(("number", "text"), [(0, "0 rows"), (1, "1 row"), (12_000, "12,000 rows")])
def test_counted(number: int, text: str):
    assert counted(number, "row") == text


def test_counted_with_its_own_plural():
    assert counted(2, "query", "queries") == "2 queries"


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1500, "1.5 kB"),
        (123_456, "123 kB"),
        (2_500_000_000, "2.5 GB"),
        (3e12, "3.0 TB"),
        (2e18, "2,000.0 PB"),
    ],
)
def test_size(size_bytes: float, text: str):
    assert size(size_bytes) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "–"), (0.04, "40 ms"), (1.24, "1.2 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")],
)
def test_duration(seconds: float | None, text: str):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(3, "just now"), (42, "42 s ago"), (300, "5 min ago"), (7200, "2 h ago"), (90_000, "1 day ago")],
)
def test_ago(seconds: int, text: str):
    assert ago(NOW - timedelta(seconds=seconds), NOW) == text


def test_a_timestamp_is_in_utc():
    assert timestamp(NOW) == "2026-05-04 12:00:00 UTC"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (5000.5, "5,000.5"),
        (10_000_000.5, "10,000,000"),
        (0.000123456789, "0.000123"),
        (-12.25, "-12.25"),
        (500.030153, "500.03"),
        (2.0, "2"),
        (0, "0"),
        (1.5e-9, "1.5e-09"),
        (1e20, "1e+20"),
        (float("inf"), "inf"),
        (None, ""),
    ],
)
def test_a_number_has_six_significant_digits(number: float | None, text: str):
    assert significant(number) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("10000", "10,000"), ("-1234567.50", "-1,234,567.50"), ("2024", "2024"), ("1e+20", "1e+20"), (None, None)],
)
def test_long_numbers_have_thousands_separators(text: str | None, expected: str | None):
    assert with_thousands(text) == expected


def test_an_estimate_is_marked():
    assert approximate(15126195, is_exact=False) == "≈ 15,126,195"
    assert approximate(1384, is_exact=True) == "1,384"


@pytest.mark.parametrize(("share", "text"), [(0.5, "50%"), (0.0486, "4.9%"), (0.0004, "<0.1%"), (0, "0%"), (1, "100%")])
def test_a_share_has_at_most_one_decimal(share: float, text: str):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("names", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_names_are_listed_as_in_a_sentence(names: list[str], text: str):
    assert listed(names) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, ""),
        (0.0, "0"),
        (5000.5, "5,000.5"),
        (0.12345678901, "0.12345678901"),
        (-1_234_567.0, "-1,234,567"),
        (1e-9, "1e-09"),
        (1e20, "1e+20"),
        (float("nan"), "nan"),
        (12, "12"),
    ],
)
def test_exact(number: float | None, text: str):
    assert exact(number) == text
