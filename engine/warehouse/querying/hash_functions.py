"""Hash functions that DuckDB does not have, from the libraries mmh3 and cityhash.

A session gets them only for a translated query that calls one, as they take a few milliseconds to register. Each
takes and returns whole columns.
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
"""The functions by the names that translations call."""


def hashes_in(sql: str) -> frozenset[str]:
    """Return which of the functions a text names."""
    return frozenset(name for name in NAMES if name in sql)


def register_hashes(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    """Give a connection these functions; those it has stay."""
    for name in names:
        parameters, result, function = _FUNCTIONS[name]
        try:
            connection.create_function(
                name, function, parameters, result, type=PythonUDFType.ARROW, null_handling=FunctionNullHandling.SPECIAL
            )
        except duckdb.NotImplementedException:
            continue  # it is there


def _murmur3(octets: Callable[[object], bytes]) -> Callable[[pa.Array, pa.Array], pa.Array]:
    """Return the hash of a column whose values become bytes by `octets`; a NULL or a seed of NULL gives NULL."""

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
    """Return the unscaled digits as the shortest two's complement, its highest byte first."""
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
