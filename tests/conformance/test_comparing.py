import pytest

from tests.conformance.comparing import is_same_rows, is_same_value


@pytest.mark.parametrize(
    ("found", "expected", "is_same"),
    [
        (None, None, True),
        ("", None, True),
        (None, "NULL", True),
        (0, None, False),
        (False, None, False),
        ("[]", None, False),
        ('{"a": null}', None, False),
    ],
)
def test_expected_json_null_means_no_value(found: object, expected: str | None, is_same: bool) -> None:
    assert is_same_value(found, expected) is is_same


def test_rows_may_expect_null() -> None:
    assert is_same_rows([(1, None)], [["1", None]])
    assert not is_same_rows([(1, 2)], [["1", None]])
