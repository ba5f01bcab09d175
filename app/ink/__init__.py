"""What is drawn on the glass with a finger: strokes as values, and the picture that is made of them. Pure."""
