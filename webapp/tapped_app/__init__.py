"""A Flet app of one button: what a tap costs with nothing around it."""
