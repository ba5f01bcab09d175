"""Drawn photos: type plates, machines, gauges and sites, as a technician's tablet might have taken them."""
