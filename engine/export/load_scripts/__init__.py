"""Load scripts: the SQL that fills the tables of `ddl.sql` from the files of an export, for each target."""
