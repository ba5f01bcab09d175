"""The model test: random days of a small firm on the real app and the real server, with everything that can go wrong."""
