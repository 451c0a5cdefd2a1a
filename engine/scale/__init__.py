"""Parts of an export made by many processes: on this machine, by Ray, or by Spark."""
