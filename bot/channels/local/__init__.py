"""The local channel: the chat page and the chat in a terminal."""
