"""Keys of random streams: each column has its own.

A key is a hash of the seed and of names, never of positions, so that adding or reordering columns changes no other
column's data.
"""

from __future__ import annotations

from hashlib import blake2b

GREATEST_SEED = 2**63 - 1


def stream_key(seed: int, *names: str) -> int:
    """Return the 64-bit key of a stream: the first 8 bytes of BLAKE2b over the seed and the names.

    Each part is preceded by its length, so that ("ab", "c") and ("a", "bc") differ.
    """
    digest = blake2b(digest_size=8)
    for part in (str(seed), *names):
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(4, "big"))
        digest.update(encoded)
    return int.from_bytes(digest.digest(), "big")
