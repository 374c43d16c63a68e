"""Units, clusters and targets as tables."""
