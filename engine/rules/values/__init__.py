"""Plain values in ranges and lists: numbers, booleans, timestamps, choices."""
