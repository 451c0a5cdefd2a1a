"""Tracing: the texts a library's method can return, found by running it with symbols in place of its draws.

`symbols` represent drawn values, `paths` are the runs of a method for all branches at its forks, `skeletons` the
results split at the symbols, `units` trace methods one by one; each library has its own tracer.
"""
