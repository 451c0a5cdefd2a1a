"""Values of the libraries Faker and Mimesis: their methods are traced once, then compiled to expressions."""
