"""What a script declares about values, as rules of its columns: formulas, CHECKs, defaults, sequences."""
