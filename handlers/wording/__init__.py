"""Every text that people read, by key, and figures put into words."""
