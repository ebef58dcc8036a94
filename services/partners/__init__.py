"""Partners: what happens at the centre, for partner systems, as far as each may know it."""
