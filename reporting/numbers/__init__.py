"""Words in, quantities out: every number of a text with its unit, and what only looks like one."""
