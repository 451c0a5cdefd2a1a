"""Import of Redshift and Snowflake scripts: from tokens to statements, drafts, and a schema with notes."""
