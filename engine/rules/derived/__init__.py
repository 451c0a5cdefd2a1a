"""Derived columns: values computed from other columns of the row and of its parents.

`parsing` reads SQL into a tree, `scope` finds the columns it names, and `tree` turns it into typed values (`values`),
by the operators (`arithmetic`, `comparison`, on numbers that are `exact` and on `intervals`) and by the functions of
each family (`numeric`, `text`, `to_char`, `dates`, `logic`), which take their arguments from `calls`. `conversion`
and `reading` go from kind to kind, `context` knows the place and checks rows, `refusals` has the reasons for what is
not allowed. `expression` and `template` are the two rules.
"""
