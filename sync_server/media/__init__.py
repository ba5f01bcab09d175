"""Photos: uploads that can be resumed, verified files that are stored once, small versions of them."""
