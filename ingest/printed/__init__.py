"""What is printed on pages: which part of a patent each block is."""
