"""Temporary."""
from sync_server.demo.chance import Chance
class Album:
    def __init__(self, chance, end): self.pictures = {}
    def illustrate(self, stories): pass
    def rows(self): return []
