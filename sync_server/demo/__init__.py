"""The demo company: a believable machinery firm with two years of history, made from a seed."""

from sync_server.demo.company import Company
from sync_server.demo.generating import CUSTOMERS, OBSERVATIONS, SEED, generate

__all__ = ["CUSTOMERS", "OBSERVATIONS", "SEED", "Company", "generate"]
