"""The leaders' page: a link from the chat in, read-only pages of figures out, as far as the person's rights reach."""
