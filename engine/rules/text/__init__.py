"""Text: default phrases, patterns, unique text, and the grammar of text with alternatives."""
