"""A person's event and the unit's draft in, the new draft and its effects out."""
