"""Derived columns: values computed from other columns of the row and of its parents.

`parsing` parses SQL into a tree, `scope` finds the columns it names, and `tree` compiles it to typed values (`values`)
with the operators (`arithmetic`, `comparison`, on `exact` numbers and on `intervals`) and the functions of each family
(`number_functions`, `text_functions`, `to_char`, `date_functions`, `conditional_functions`, `random_functions`), which
take their arguments from `calls`. `conversion` and `reading` convert between kinds, `context` holds the position and
checks rows, `elementary` has exponential, logarithm and sine for `math_functions`, `refusals` has the reasons for what
is not allowed. `injective` proves that an expression of a unique column differs in every row. `expression` and
`template` are the two rules.
"""
