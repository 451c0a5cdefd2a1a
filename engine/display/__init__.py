"""Values and records for people and programs: HTML tables, JSON values and wording."""
