"""The inbox (Eingang): the pages on which inside sales reads, decides and answers."""
