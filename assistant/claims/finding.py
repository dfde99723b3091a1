"""What a check found: the rule, the place in the claim, what is wrong and what to do, on which legal basis."""

from typing import Literal

from ingest.document import Frozen

Severity = Literal["error", "warning", "note"]
"""`error` is a defect of form that an office objects to, `warning` one that it objects to where the context does not mend it,
`note` a fact to look at."""


class Finding(Frozen):
    """`quoted` is characters `start` to `end` of the claim, which stands at `anchor`.

    What concerns the whole set has claim 0, the document's number as anchor and no quotation.
    """

    rule: str
    severity: Severity
    claim: int
    anchor: str
    start: int
    end: int
    quoted: str
    message: str
    remedy: str
    basis: str
