"""Hash functions that DuckDB does not have, from the libraries mmh3 and cityhash.

They are registered only for a translated query that calls one, which takes a few milliseconds. Each takes and returns
whole columns.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType

_UNSIGNED = 2**32 - 1

NAMES = frozenset(
    {"dw_murmur3_bytes", "dw_murmur3_whole", "dw_murmur3_float", "dw_murmur3_decimal", "dw_farm_fingerprint"}
)
"""The function names that translated queries call."""


def find_hashes(sql: str) -> frozenset[str]:
    """Return the hash functions that a text names."""
    return frozenset(name for name in NAMES if name in sql)


def register_hashes(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    """Register these functions; those already registered stay."""
    for name in names:
        parameters, result, function = _FUNCTIONS[name]
        try:
            connection.create_function(
                name, function, parameters, result, type=PythonUDFType.ARROW, null_handling=FunctionNullHandling.SPECIAL
            )
        except duckdb.NotImplementedException:
            continue  # already registered


def _murmur3(octets: Callable[[object], bytes]) -> Callable[[pa.Array, pa.Array], pa.Array]:
    """Return a hash function of columns whose values `octets` converts to bytes; a NULL value or seed gives NULL."""

    def hashed(values: pa.Array, seeds: pa.Array) -> pa.Array:
        from mmh3 import hash as murmur

        pairs = zip(values.to_pylist(), seeds.to_pylist(), strict=True)
        made = [
            None if value is None or seed is None else murmur(octets(value), seed & _UNSIGNED) for value, seed in pairs
        ]
        return pa.array(made, pa.int32())

    return hashed


def _as_bytes(value: object) -> bytes:
    assert isinstance(value, bytes)
    return value


def _of_decimal(value: object) -> bytes:
    """Return the unscaled digits as the shortest big-endian two's complement."""
    number = int(str(value))
    length = (number if number >= 0 else ~number).bit_length() // 8 + 1
    return number.to_bytes(length, "big", signed=True)


def _of_float(value: object) -> bytes:
    assert isinstance(value, float)
    return struct.pack("<d", float("nan") if value != value else value + 0.0)  # -0.0 is hashed as 0.0


def _farm_fingerprint(values: pa.Array) -> pa.Array:
    import farmhash

    texts = values.to_pylist()
    made = np.fromiter((0 if each is None else farmhash.Fingerprint64(each) for each in texts), np.uint64, len(texts))
    return pa.array(made.view(np.int64), mask=np.fromiter((each is None for each in texts), np.bool_, len(texts)))


_FUNCTIONS: dict[str, tuple[list[Any], str, Callable[..., pa.Array]]] = {
    "dw_murmur3_bytes": (["BLOB", "INTEGER"], "INTEGER", _murmur3(_as_bytes)),
    "dw_murmur3_whole": (["BIGINT", "INTEGER"], "INTEGER", _murmur3(struct.Struct("<q").pack)),
    "dw_murmur3_float": (["DOUBLE", "INTEGER"], "INTEGER", _murmur3(_of_float)),
    "dw_murmur3_decimal": (["VARCHAR", "INTEGER"], "INTEGER", _murmur3(_of_decimal)),
    "dw_farm_fingerprint": (["BLOB"], "BIGINT", _farm_fingerprint),
}
