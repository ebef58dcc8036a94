"""Selection in MongoDB."""
