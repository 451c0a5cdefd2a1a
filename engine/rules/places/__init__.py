"""The rule `place`: cities with their states, postcodes, coordinates, countries and what a country has."""
