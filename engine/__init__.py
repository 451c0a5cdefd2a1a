"""Realistic, private, reproducible data in the shape of your warehouse."""
