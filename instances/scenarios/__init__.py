"""What may happen: events, the scenarios made of them, and what they do to the data."""
