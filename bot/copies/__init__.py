"""Copies of the database: sealed, proved, kept, restored, and the database upgraded or moved by way of one."""
