"""The set-ups of the README, run as written: a real Caddy, a real browser."""
