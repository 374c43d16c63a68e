"""Arrivals in, stored messages and handled turns out."""
