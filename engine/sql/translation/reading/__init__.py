"""Reading the text of a query: grammars, placeholders, variables, and errors with positions."""
