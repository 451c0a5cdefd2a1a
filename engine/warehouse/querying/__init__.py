"""One query: its session, its checks, its execution under limits, and its result in every format."""
