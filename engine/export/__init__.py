"""Export: the rows of a run, or of a seed and row counts, as files that other systems load."""
