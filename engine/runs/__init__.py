"""Runs: generation and loading of an experiment from lock to end, in the foreground or in the background."""
