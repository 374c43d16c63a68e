"""Units, clusters and roles, each with the days it holds."""
