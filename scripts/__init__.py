"""The chores behind the Makefile: bootstrap, locks and message catalogues."""
