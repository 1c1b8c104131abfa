"""What applicants read about each finding: one table per rule module."""

from .passport import PASSPORT

__all__ = ["PASSPORT"]
