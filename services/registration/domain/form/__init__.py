"""Forms as versioned data: what is asked, when it is shown, and what an answer must be."""
