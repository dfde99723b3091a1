"""The language of claims: what they depend on, their parts, their category, and the documents that a text cites."""
