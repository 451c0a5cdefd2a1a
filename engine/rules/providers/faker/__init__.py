"""Faker rules: provider methods of any locale, compiled to expressions."""
