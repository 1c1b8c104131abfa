"""The questions of an application: one module per group; their order is in ``forms/filing.py``."""
