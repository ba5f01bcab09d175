"""What every store on the tablet must keep: one suite, run against memory, SQLite and IndexedDB."""
