"""Values of the libraries Faker and Mimesis: their methods traced once, then compiled into expressions."""
