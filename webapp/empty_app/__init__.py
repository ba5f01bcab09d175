"""The smallest Flet app: the limit that the start of Rundgang is measured against."""
