"""The commands of `rundgang`, one file each; loaded when they are called."""
