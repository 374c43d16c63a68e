"""Pictures people look at on a phone: what they show in words and numbers in, PNG out."""
