"""Tracing: what a method of a library can say, found by running it with symbols in place of its draws.

`symbols` stand for drawn values, `paths` are the runs of a method for all answers at its forks, `skeletons` the
results cut at the symbols, `units` trace methods one by one; each library has a tracer of its own.
"""
