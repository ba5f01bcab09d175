"""Tests of the tablet's core, without its screens."""
