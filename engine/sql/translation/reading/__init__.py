"""Reading the text of a query: grammars, placeholders and variables, and errors that say where."""
