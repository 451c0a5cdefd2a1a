"""The chart of a result: which one fits, the rows it needs, and its drawing."""
