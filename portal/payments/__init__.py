"""Paying: a small interface to whoever moves the money, and a trial provider for demonstrations.

No card number, no account and no name of a payer comes near this site: a provider asks for them
on its own page and sends a signed notice of what happened.
"""
