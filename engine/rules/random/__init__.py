"""Random bits as a function of the row number, their keys, and permutations."""
