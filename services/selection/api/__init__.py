"""Selection over HTTP."""
