"""The tree of a query: its nodes, names, types, and the walk that every rewrite is part of."""
