"""Facts, rules and calendar in, every message that is due by time out."""
