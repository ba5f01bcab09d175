"""What the tablet and the server agree on: documents, changes, receipts, problems and pure rules.

Imports pydantic and the standard library only, because the same files run on the server and,
compiled to WebAssembly, in the browser of the tablet.
"""
