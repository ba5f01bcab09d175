"""Tests of the rules that tablet and server agree on."""
