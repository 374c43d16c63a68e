"""People, their accounts and codes, groups, and what is kept about them."""
