"""What is to be classified: a text, a file, or a document of the index."""

import re
from pathlib import Path

from assistant.prior_art.asked import STANDARD_INPUT, asked_file
from index.patent_index import PatentIndex
from ingest.document import PatentDocument

_NUMBER = re.compile(r"[A-Z]{2} ?[\d,]{5,}(?: ?[A-Z]\d?)?")


def what_is_asked(index: PatentIndex, asked: str | Path | PatentDocument) -> str | PatentDocument:
    """The document in a file (one that is there, or `-`), the document of the index with a number, or the text itself.

    Raises NotInIndexError for a number that the index does not have, and ReadError for a file with no document or with several.
    """
    if isinstance(asked, PatentDocument):
        return asked
    if str(asked) == STANDARD_INPUT or isinstance(asked, Path) or _is_file(asked):
        document = asked_file(asked).document
        assert document is not None, "a file is read as a document"
        return document
    if _NUMBER.fullmatch(asked.strip()) or index.catalogue.document(asked.strip()) is not None:
        return index.document(asked)
    return asked


def _is_file(text: str) -> bool:
    try:
        return len(text) < 4096 and Path(text).is_file()
    except (OSError, ValueError):  # a text that is no path
        return False
