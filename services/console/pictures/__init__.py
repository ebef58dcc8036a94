"""Charts: numbers into the geometry that templates write as attributes."""
