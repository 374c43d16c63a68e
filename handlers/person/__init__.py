"""A person's own matters: help, data held, consent, petitions and hot spots."""
