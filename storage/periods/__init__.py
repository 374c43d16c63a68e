"""Periods, briefings, holidays, and who owes a report."""
