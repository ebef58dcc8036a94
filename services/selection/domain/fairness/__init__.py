"""Whether groups of people fare differently: a flag for a person to look at, not a verdict."""
