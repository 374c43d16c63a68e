"""Around a cluster's meeting: who speaks in which order, what it concluded, and what became of that."""
