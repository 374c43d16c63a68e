"""Numbers and names of one sentence in, which name each number belongs to out, and how sure that is."""
