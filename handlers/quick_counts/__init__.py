"""Counts within hours: one message of the office opens one, units answer, its sum runs along, it ends by itself."""
