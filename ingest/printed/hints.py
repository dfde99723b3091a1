"""What is known of a document besides its text: from its front page, or from the metadata of the page that it was saved from."""

from datetime import date
from typing import TypedDict

from ingest.document import Classification, Party


class Hints(TypedDict, total=False):
    """Facts by the names of the fields of `PatentDocument`; a fact that is not known is not there.

    `other_titles` are the title in the document's other languages, `claim_count` is how many claims the source says that there are.
    """

    number: str
    kind: str
    language: str
    title: str
    other_titles: list[str]
    abstract: str
    filing: date
    publication: date
    priority: date
    parties: list[Party]
    classifications: list[Classification]
    citations: list[str]
    claim_count: int
