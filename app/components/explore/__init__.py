"""Components of the page Explore."""
