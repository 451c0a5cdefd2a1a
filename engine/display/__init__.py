"""How values and records are written for people and programs: HTML, JSON, and wording."""
