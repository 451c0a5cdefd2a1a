"""Words of a subject for text columns: usual values, names made of parts, and codes with a form."""
