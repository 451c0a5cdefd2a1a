"""Hash functions computed by Python libraries."""

import duckdb

from engine.warehouse.querying.hash_functions import NAMES, find_hashes, register_hashes


def test_only_the_functions_that_a_text_names_are_registered():
    assert find_hashes("select dw_farm_fingerprint(encode('a'))") == {"dw_farm_fingerprint"}
    assert find_hashes("select 1") == frozenset()


def test_functions_can_be_registered_twice_in_a_locked_session():
    with duckdb.connect() as connection:
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        register_hashes(connection, NAMES)
        register_hashes(connection, NAMES)
        rows = connection.execute(
            "select dw_murmur3_bytes(encode('hello'), 0), dw_farm_fingerprint(encode('alphabet'))"
        )
        assert rows.fetchall() == [(0x248BFA47, -2427165924636348523)]


def test_decimals_are_hashed_by_the_shortest_bytes_of_their_digits():
    with duckdb.connect() as connection:
        register_hashes(connection, NAMES)
        bytes_of = {"127": "7F", "128": "0080", "-128": "80", "-129": "FF7F", "0": "00"}
        for digits, octets in bytes_of.items():
            rows = connection.execute(
                "select dw_murmur3_decimal(?, 0) = dw_murmur3_bytes(unhex(?), 0)", [digits, octets]
            )
            assert rows.fetchall() == [(True,)], digits


def test_a_float_of_minus_zero_is_hashed_as_zero():
    with duckdb.connect() as connection:
        register_hashes(connection, NAMES)
        rows = connection.execute("select dw_murmur3_float(-0.0::double, 0), dw_murmur3_float(0.0::double, 0)")
        assert rows.fetchall() == [(1669671676, 1669671676)]
