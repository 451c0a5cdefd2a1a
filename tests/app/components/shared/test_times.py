from datetime import datetime, timedelta, timezone

from app.components.shared.times import ago_html, local_html

WHEN = datetime(2024, 3, 1, 12, 30, 5, 999, tzinfo=timezone(timedelta(hours=2)))


def test_a_time_is_written_in_utc_for_the_browser_to_replace():
    assert local_html(WHEN) == (
        '<time class="local" datetime="2024-03-01T10:30:05+00:00" title="2024-03-01 10:30:05 UTC">'
        "2024-03-01 10:30:05 UTC</time>"
    )


def test_how_long_ago_has_the_time_on_hover():
    assert ago_html(WHEN).startswith('<time class="ago" datetime="2024-03-01T10:30:05+00:00" title="2024-03-01')
    assert ago_html(WHEN).endswith(" days ago</time>")
