"""IPC and CPC symbols in the 50 columns of WIPO ST.8, as the EPO and the JPO print them: `H01F  27/14        20060101AFI20171122BHEP`."""

import re

from ingest.build import classification
from ingest.document import Classification

_ST8 = re.compile(r"\s*([A-HY]\d\d[A-Z])\s*(\d{1,4})\s*/\s*(\d{2,6})\s*(?:\d{8})?[ACS]?\s?([FL]?)([A-Z]?)")


def st8_classification(text: str, scheme: str, first_of_all: bool) -> Classification | None:
    """The symbol with its position (F is the first) and its value (I is inventive); None for what is not one.

    `first_of_all` tells whether it stands first, for records that give no position.
    """
    match = _ST8.match(text)
    if not match:
        return None
    subclass, group, subgroup, position, value = match.groups()
    main = position == "F" or (not position and first_of_all)
    return classification(f"{subclass} {group}/{subgroup}", scheme, first=main, inventive=value in ("", "I"))
