"""What people type about complaints and appeals."""
