"""Components of the page Board."""
