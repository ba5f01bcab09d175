"""Paper: A4 documents that the tablet makes by itself, without network, to be handed in or printed."""
