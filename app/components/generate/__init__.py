"""Components of the page Generate."""
