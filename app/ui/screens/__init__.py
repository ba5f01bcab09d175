"""The screens of the tablet, one file each."""
