"""The home folder: its catalog in SQLite, locks, marks, sweeping and recovery."""
