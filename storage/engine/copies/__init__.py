"""A whole database copied into a file, and a file put where a database stands, on either engine."""
