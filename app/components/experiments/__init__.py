"""Components of the page Experiments."""
