"""HR's page: one look at the month, and a page for each group beside it, opened from a share without a network."""
