"""The tablets' interface: pairing, push, pull, and its description (docs/protocol.md)."""
