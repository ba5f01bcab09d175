"""Safekeeping: backups of the running server, and the way back from one (rule S13)."""
