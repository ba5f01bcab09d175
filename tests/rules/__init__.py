"""Pure rules, with tables."""
