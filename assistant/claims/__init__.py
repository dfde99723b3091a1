"""Claims analysis without a language model: the tree and the elements of a set of claims, and what checks of form and clarity find in it."""
