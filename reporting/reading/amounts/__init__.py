"""Numbers of a text in, what their place says of them out: parts, rates, columns, months, headings."""
