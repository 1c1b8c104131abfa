"""The child process that opens what was uploaded. It imports nothing of the house (`sandbox`)."""
