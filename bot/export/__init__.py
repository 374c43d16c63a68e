"""Stored rows in, files out: reports, the audit, code cards, the picture of a month."""
