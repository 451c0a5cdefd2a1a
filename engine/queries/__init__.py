"""The queries of a home folder: run, recorded in the history, and saved."""
