"""The server through its interfaces: what it answers, stores and shows."""
