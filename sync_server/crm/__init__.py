"""Domain services over the store: customers, observations and leads, users, tablets."""
