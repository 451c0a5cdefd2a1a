"""Components of the page Query."""
