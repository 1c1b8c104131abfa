"""What the apps may listen to."""

from django.dispatch import Signal

file_settled = Signal()
"""Sent with `stored_file` when a file became ready or was refused (also when malware is found
later), inside the transaction that says so: a receiver may enqueue messages. A receiver that
raises undoes the settling, which is then tried again."""
