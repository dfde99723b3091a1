"""What becomes of a record: a `PatentDocument`, a `Skipped` or a `Failed`. Nothing becomes of none of them."""

from dataclasses import dataclass

from ingest.document import PatentDocument


@dataclass(frozen=True)
class Skipped:
    """A record that is not a patent document: `what` is what it is."""

    path: str
    offset: int
    what: str


@dataclass(frozen=True)
class Failed:
    """A record that could not be read: why, in one line that ends with what to do where there is something."""

    path: str
    offset: int
    reason: str


Outcome = PatentDocument | Skipped | Failed
