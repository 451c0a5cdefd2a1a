import re
from uuid import UUID

import polars as pl
import pytest

from engine.errors import RuleError
from tests.engine.rules.building import values_of


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 10, 40])
def test_text_never_exceeds_its_length(length):
    drawn = values_of(5_000, data_type=f"VARCHAR({length})")
    assert drawn.str.len_chars().max() <= length
    assert drawn.n_unique() > 20


def test_pattern_symbols():
    drawn = values_of(2_000, data_type="VARCHAR", pattern="AB-##?#x")
    assert all(re.fullmatch(r"AB-\d\d[A-Z]\dx", text) for text in drawn)


def test_backslash_escapes_a_symbol():
    assert values_of(3, data_type="VARCHAR", pattern=r"\#1").unique().to_list() == ["#1"]


def test_long_pattern_draws_every_symbol():
    drawn = values_of(3_000, data_type="VARCHAR", pattern="?" * 40)
    assert drawn.n_unique() == 3_000
    for index in range(40):
        assert drawn.str.slice(index, 1).n_unique() == 26


def test_pattern_longer_than_the_type_is_an_error():
    with pytest.raises(RuleError, match=r"t\.x: The pattern makes 4 characters, more than CHAR\(3\) holds"):
        values_of(1, data_type="CHAR(3)", pattern="####")


def test_uuids_are_version_4_and_differ():
    drawn = values_of(50_000, data_type="UUID")
    assert drawn.n_unique() == 50_000
    assert {(UUID(text).version, UUID(text).variant) for text in drawn.head(500)} == {(4, "specified in RFC 4122")}


def test_json_parses():
    assert (
        values_of(200, data_type="VARIANT")
        .str.json_decode(pl.Struct({"id": pl.Int64, "label": pl.String}))
        .struct.field("id")
        .null_count()
        == 0
    )
    assert values_of(200, data_type="ARRAY").str.json_decode(pl.List(pl.String)).list.len().unique().to_list() == [2]


def test_binary_fits_its_length():
    drawn = values_of(100, data_type="BINARY(4)")
    assert drawn.dtype == pl.Binary
    assert drawn.bin.size().max() == 4
