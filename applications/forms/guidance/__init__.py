"""What the public tools ask, and how it becomes facts of the rules."""
