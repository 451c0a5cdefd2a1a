"""Components of the page Schema."""
