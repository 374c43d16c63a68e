"""Rows of the outbox in, messages handed to their channel out, and what became of each."""
