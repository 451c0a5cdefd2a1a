"""Components of the page New experiment."""
