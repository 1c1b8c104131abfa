"""Pages about complaints and appeals."""
