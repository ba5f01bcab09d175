"""What a technician can do, and what the screens draw: between the stores and the user interface."""
