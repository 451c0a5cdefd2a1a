"""SHA-224, SHA-384 and SHA-512, which DuckDB lacks, as macros over lists of words.

Both word sizes share one template: a word has 64 bits (SHA-384, SHA-512) or 32 (SHA-224). The constants are the first
bits of the roots of the first primes, as the standard derives them.

https://nvlpubs.nist.gov/nistpubs/FIPS/NIST.FIPS.180-4.pdf
https://docs.aws.amazon.com/redshift/latest/dg/SHA2.html
https://docs.snowflake.com/en/sql-reference/functions/sha2
"""

from __future__ import annotations

from math import isqrt

from sqlglot import exp

from engine.sql.translation.tree.nodes import as_text, call, literal_integer, number
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.translator import Context, Rewrite
from engine.sql.translation.tree.value_types import BLOB, NULL, VARCHAR, type_of

_ROUNDS = {32: 64, 64: 80}
_ROTATIONS = {
    32: {"s0": (7, 18, -3), "s1": (17, 19, -10), "b0": (2, 13, 22), "b1": (6, 11, 25)},
    64: {"s0": (1, 8, -7), "s1": (19, 61, -6), "b0": (28, 34, 39), "b1": (14, 18, 41)},
}
"""Rotations of the standard's functions in bits; a negative number is a shift."""


def _primes(count: int) -> list[int]:
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return found


def _cube_root(number: int) -> int:
    guess = 1 << -(-number.bit_length() // 3)
    while True:
        better = (2 * guess + number // guess**2) // 3
        if better >= guess:
            return guess
        guess = better


_PRIMES = _primes(80)
_CUBES = [_cube_root(prime << 192) % 2**64 for prime in _PRIMES]
_SQUARES = [isqrt(prime << 128) % 2**64 for prime in _PRIMES[:16]]
_STARTS = {
    512: _SQUARES[:8],
    384: _SQUARES[8:],
    224: [square % 2**32 for square in _SQUARES[8:]],
}


def _format_list(numbers: list[int]) -> str:
    """Return a call that makes a list of numbers from one text, which loads faster than many literals."""
    return "dw_hex_words('" + "".join(f"{number:016x}" for number in numbers) + "')"


def _rotation_macro(name: str, width: int, rotations: tuple[int, ...]) -> str:
    parts = [f"(x >> {-turn}::ubigint)" if turn < 0 else f"dw_turned{width}(x, {turn}::ubigint)" for turn in rotations]
    return f"create macro dw_{name}_{width}(x) as xor(xor({parts[0]}, {parts[1]}), {parts[2]})"


def _macros(width: int) -> str:
    """Return the macros for words of a width.

    DuckDB binds the body of a lambda several times: so the words of a block and the keys of the standard go as one list
    into the only two nested lambdas.
    """
    rounds, modulus, digits = _ROUNDS[width], 2**width, width // 4
    word, block = f"dw_word{width}", digits * 16
    first = (
        f"v[8]::uhugeint + dw_b1_{width}(v[5]) + xor(v[5] & v[6], xor(v[5], {modulus - 1}::ubigint) & v[7]) + "
        f"w[i[1]::bigint] + w[i[1]::bigint + {rounds}]"
    )
    second = f"dw_b0_{width}(v[1])::uhugeint + xor(xor(v[1] & v[2], v[1] & v[3]), v[2] & v[3])"
    sums = ", ".join(f"{word}(v[{index}]::uhugeint + v[{index + 8}])" for index in range(1, 9))
    return ";\n".join(
        [
            f"create macro dw_turned{width}(x, n) as (x >> n) | ((x & ((1::ubigint << n) - 1::ubigint)) << "
            f"({width}::ubigint - n))",
            *(_rotation_macro(name, width, rotations) for name, rotations in _ROTATIONS[width].items()),
            f"create macro {word}(x) as (x % {modulus}::uhugeint)::ubigint",
            f"create macro dw_steps{width}(least, most) as list_transform(range(least, most + 1), lambda i: "
            f"[i::ubigint])",
            f"create macro dw_schedule{width}(words) as list_reduce(dw_steps{width}(17, {rounds}), lambda w, i: "
            f"list_append(w, {word}(dw_s1_{width}(w[i[1]::bigint - 2])::uhugeint + w[i[1]::bigint - 7] + "
            f"dw_s0_{width}(w[i[1]::bigint - 15]) + w[i[1]::bigint - 16])), words)",
            f"create macro dw_rounds{width}(w, state) as list_reduce(dw_steps{width}(1, {rounds + 1}), lambda v, i: "
            f"case when i[1] = {rounds + 1} then [{sums}] else [{word}({first} + {second}), v[1], v[2], v[3], "
            f"{word}({first} + v[4]), v[5], v[6], v[7], v[9], v[10], v[11], v[12], v[13], v[14], v[15], v[16]] end, "
            f"list_concat(state, state))",
            f"create macro dw_blocks{width}(padded) as list_transform(range(0, length(padded) // {block}), lambda b: "
            f"list_transform(range(0, 16), lambda i: ('0x' || substr(padded, (b * {block} + i * {digits} + 1)::integer"
            f", {digits}))::ubigint))",
            f"create macro dw_padded{width}(digits) as digits || '80' || repeat('0', ({digits * 14} - "
            f"(length(digits) + 2) % {block} + {block}) % {block}) || lpad(format('{{:x}}', length(digits) * 4), "
            f"{digits * 2}, '0')",
            f"create macro dw_schedules{width}(blocks) as list_transform(blocks, lambda words: list_concat("
            f"dw_schedule{width}(words), {_format_list([cube >> (64 - width) for cube in _CUBES[:rounds]])}))",
            f"create macro dw_digest{width}(digits, start) as array_to_string(list_transform(list_reduce("
            f"dw_schedules{width}(dw_blocks{width}(dw_padded{width}(digits))), lambda h, w: dw_rounds{width}(w, h), "
            f"start), lambda x: lpad(format('{{:x}}', x), {digits}, '0')), '')",
        ]
    )


_MACROS = {224: "dw_sha224", 384: "dw_sha384", 512: "dw_sha512"}


def sha2(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate SHA2(text, bits) and SHA2_BINARY; the default in Snowflake is 256 bits.

    https://docs.aws.amazon.com/redshift/latest/dg/SHA2.html
    https://docs.snowflake.com/en/sql-reference/functions/sha2
    """
    context.translator.translate_parts(node, context)
    value, *rest = node.expressions
    if type_of(value) not in (VARCHAR, BLOB, NULL):
        value = as_text(value)
    bits = literal_integer(rest[0]) if rest else 256
    if len(rest) > 1 or (not rest and not context.is_snowflake):
        raise UntranslatableError(node, f"{node.name.upper()} takes a string and a number of bits.")
    if bits is None:
        result = call("dw_sha2", value, rest[0], kind=VARCHAR)
    elif bits in (0, 256):
        result = call("sha256", value, kind=VARCHAR)
    elif bits in _MACROS:
        result = call(_MACROS[bits], value, kind=VARCHAR)
    else:
        result = call("dw_sha2", value, number(bits), kind=VARCHAR)
    return call("unhex", result, kind=BLOB) if node.name.upper() == "SHA2_BINARY" else result


REWRITES: dict[str, Rewrite] = {"SHA2": sha2}
SNOWFLAKE_REWRITES: dict[str, Rewrite] = {"SHA2_HEX": sha2, "SHA2_BINARY": sha2}
HELPERS = f"""
create macro dw_hex_words(a) as list_transform(range(0, length(a) // 16), lambda i:
    ('0x' || substr(a, (i * 16 + 1)::integer, 16))::ubigint);
{_macros(32)};
{_macros(64)};
create macro dw_hex_digits(a) as case when typeof(a) = 'BLOB' then hex(a::varchar::blob) else hex(encode(a::varchar))
    end;
create macro dw_sha224(a) as left(dw_digest32(dw_hex_digits(a), {_format_list(_STARTS[224])}), 56);
create macro dw_sha384(a) as left(dw_digest64(dw_hex_digits(a), {_format_list(_STARTS[384])}), 96);
create macro dw_sha512(a) as dw_digest64(dw_hex_digits(a), {_format_list(_STARTS[512])});
create macro dw_sha2(a, bits) as case when a is null then null when bits in (0, 256) then sha256(a)
    when bits = 512 then dw_sha512(a) when bits = 384 then dw_sha384(a) when bits = 224 then dw_sha224(a)
    else dw_raise('SHA2 makes 224, 256, 384 or 512 bits, not ' || bits) end;
"""
