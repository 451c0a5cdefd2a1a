"""Benchmarks: how fast the generator is beside its peers. Not tests: nothing here passes or fails.

    python -m tests.benchmarks [JOB ...] [--rows N] [--repeat K]

Every measurement is a fresh process; ours and the peers' take turns, and the best of each counts.
"""
