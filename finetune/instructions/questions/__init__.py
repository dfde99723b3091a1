"""Questions that a sentence of a patent answers, found by patterns, and the excerpts that they are asked over."""
