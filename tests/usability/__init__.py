"""How the tablet feels, measured in a real browser: what can be read, touched, named; `make usability` prints it."""
