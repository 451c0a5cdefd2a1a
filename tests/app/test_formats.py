from datetime import UTC, datetime, timedelta

import pytest

from app.formats import ago, counted, duration, moment_text, plain, size

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(("number", "text"), [(0, "0 rows"), (1, "1 row"), (12_000, "12,000 rows")])
def test_counted(number: int, text: str):
    assert counted(number, "row") == text


def test_counted_with_its_own_plural():
    assert counted(2, "query", "queries") == "2 queries"


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (123_456, "123 kB"), (2_500_000_000, "2.5 GB"), (3e12, "3.0 TB")],
)
def test_size(size_bytes: int, text: str):
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


def test_a_moment_is_written_in_utc():
    assert moment_text(NOW) == "2026-05-04 12:00:00 UTC"


def test_plain_text_is_no_markdown():
    assert plain("a_b *c* :red[d] $e$") == r"a\_b \*c\* \:red\[d\] \$e\$"
