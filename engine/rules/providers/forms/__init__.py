"""The form of values of a library's method (`form`), and their conversion to a column's type (`fitting`)."""
