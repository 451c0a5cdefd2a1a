"""Derived columns: values computed from other columns of the row and of its parents.

`parsing` reads SQL into a tree of allowed nodes, `scope` finds the columns it names, `tree` turns it into typed values
(`values`) with the operators (`arithmetic`, `exact`, `intervals`, `comparison`) and the functions of one family each
(`numeric`, `text`, `dates`, `logic`). `expression` and `template` are the two rules.
"""
