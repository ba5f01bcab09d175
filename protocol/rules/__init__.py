"""Pure rules that tablet and server must decide alike: no input or output, tested with tables."""
