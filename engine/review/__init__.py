"""Review of schemas before they are saved: import with suggestions, changes by column, checks."""
