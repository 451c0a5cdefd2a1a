"""The panel that edits the rule of one column, or of several at once, beside the grid of a review."""
