"""The shared CRM store: tables, migrations, transactions and the feed that tablets read."""
