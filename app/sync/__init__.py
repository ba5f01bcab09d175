"""The way between tablet and server: `synchronize()`, its steps, its transports and its timing."""
