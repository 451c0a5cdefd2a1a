"""Charts of a result: choosing one, aggregating its rows, and drawing it."""
