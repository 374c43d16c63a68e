"""Units of work on SQLite and PostgreSQL, and the migrations that make the tables."""
