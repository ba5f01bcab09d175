"""Measurements that print JSON: each value beside its limit, taken in the same run on the same machine."""
