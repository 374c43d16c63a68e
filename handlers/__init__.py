"""A person's message in, what it changes and the reply to it out."""
