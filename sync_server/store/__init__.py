"""The shared CRM store: tables, migrations, transactions and the feed that tablets read."""

from sync_server.store.database import (
    Busy,
    Database,
    NewerDatabase,
    StorageFull,
    StoreError,
    Unreachable,
    Unusable,
)
from sync_server.store.migrating import migrate

__all__ = [
    "Busy",
    "Database",
    "NewerDatabase",
    "StorageFull",
    "StoreError",
    "Unreachable",
    "Unusable",
    "migrate",
]
