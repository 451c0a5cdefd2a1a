"""What values of a library's method look like (`form`), and how they become values of a column's type (`fitting`)."""
