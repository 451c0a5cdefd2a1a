"""Schemas before they are saved: imported with suggestions, reviewed line by line, changed and checked."""
