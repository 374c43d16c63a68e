"""The time in, messages to be sent and changes that are due out."""
