"""Public tools: they answer without an account, keep nothing, and never decide."""
