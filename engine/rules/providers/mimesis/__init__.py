"""Mimesis rules: provider methods of any locale, compiled into expressions."""
