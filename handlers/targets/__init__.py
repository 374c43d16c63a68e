"""Targets by chat: what the office sets for a unit, a cluster or the province, and what may be compared."""
