"""XML read element by element, for files of which the tree is not wanted whole."""

import io
from collections.abc import Iterator, Sequence

from lxml import etree

from ingest.errors import ReadError


def xml_events(data: bytes, tags: Sequence[str], events: Sequence[str] = ("end",)) -> Iterator[tuple[str, etree._Element]]:
    """`start` and `end` of the elements with these tags (`{*}name` in any namespace), which may be emptied after their end.

    No entity of the document is expanded, nothing outside of it is read. Elements nest at most 256 deep. Raises ReadError with
    the line where the XML breaks off, after what came before.
    """
    elements = etree.iterparse(
        io.BytesIO(data.lstrip()),
        events=events,
        tag=tags,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for event, element in elements:
            yield str(event), element
    except etree.XMLSyntaxError as error:
        log = elements.error_log
        line, problem = (log[-1].line, log[-1].message) if len(log) else (error.lineno or 0, error.msg)
        raise ReadError(f"not well-formed XML at line {line} of the record: {problem}") from error
