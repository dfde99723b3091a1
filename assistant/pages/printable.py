"""Text that XML and HTML can hold."""

import re

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """The text with U+FFFD for each character that XML 1.0 forbids or HTML calls an error: places in it stay the same."""
    return _FORBIDDEN.sub("\ufffd", text)
