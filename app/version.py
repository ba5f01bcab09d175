"""The version of this app, as a person reads it; the same as the distribution's (a test compares them)."""

VERSION = "0.1.0"
