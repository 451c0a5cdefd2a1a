"""Files and processes of this machine, used by every other room."""
