"""Who reviews reports: the queue of what waits, one report opened, its acceptance, and figures given back."""
