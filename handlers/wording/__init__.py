"""All words that people read, in one place."""
