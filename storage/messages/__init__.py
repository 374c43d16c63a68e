"""Messages that came in, that wait to leave, and the state of each chat."""
