"""The help centre: short pages, found in spite of accents and typing errors."""
