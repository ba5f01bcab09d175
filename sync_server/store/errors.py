"""What may go wrong with the store's database, in the project's own words."""


class StoreError(Exception):
    """Something about the database itself, not about what was asked of it."""


class Busy(StoreError):
    """Another writer held the database for longer than the busy timeout: try again."""


class Unreachable(Busy):
    """The database server does not answer, or has just ended the connection: try again."""


class StorageFull(StoreError):
    """The disk or a quota is full; nothing of the transaction was stored."""


class Unusable(StoreError):
    """The database cannot be opened, read or written at all; says why."""


class NewerDatabase(StoreError):
    """The database was written by a newer version of the program."""
