"""What a person does to a photo before it is kept: geometry, marks and edits. Pure: no pixel is touched here."""
