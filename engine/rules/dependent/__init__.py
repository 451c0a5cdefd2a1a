"""Columns that depend on other columns: by cases, by rows that are drawn together, by hidden normals."""
