"""A report's text in, values and questions out."""
