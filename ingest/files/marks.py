"""Marks in text on its way through `unstructured`: noncharacters of Unicode, which no text has, taken out again afterwards."""

VERBATIM = "\ufdd0"
"""What follows is to be left as it is: no bullet, not too short to matter."""
HEADING = "\ufdd1"
"""What follows is a heading."""
BREAK = "\ufdd2"
"""A line ends here, inside a block."""
