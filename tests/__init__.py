"""Tests: what Rundgang promises, as evidence."""
