"""Runs: generating and loading the data of an experiment, in the foreground or in the background."""
