"""Taking in: what a tablet has taken out as a file comes to the server by hand, as if it had been pushed."""
