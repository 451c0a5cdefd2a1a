"""The tree of a query: its nodes, names and types, and the walk that applies the rewrites."""
