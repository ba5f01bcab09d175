"""What the tablet keeps: documents and files over a transactional store, own work apart from reference."""
