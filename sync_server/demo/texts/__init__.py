"""The demo's sentences: situations as technicians meet and describe them, and what inside sales answers."""
