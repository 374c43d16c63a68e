"""Everything that is kept: statements and questions in, rows out, on SQLite and PostgreSQL."""
