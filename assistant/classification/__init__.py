"""Places of the International Patent Classification for a text, learned from the classified documents and the scheme in an index."""
