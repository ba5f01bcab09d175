"""Tests of the inbox: through its ASGI interface with a real database file, and one in a real browser."""
