"""Real processes and real faults: tablets and servers that are killed, a network that breaks, a disk that is full."""
