"""What forms are made of: fields, widgets, and the layout every page form shares."""
