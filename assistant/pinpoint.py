"""From the passage that a quotation was found in to the one paragraph, or part of an article, that it stands in."""

from ingest.anchor import parts_at, split_anchor, text_at, within_article
from ingest.document import Citation, PatentDocument


def pinpoint(citation: Citation, document: PatentDocument) -> Citation:
    """The citation with the anchor of the one paragraph of `document` that it quotes, where its passage joins several; else as it is."""
    number, part = split_anchor(citation.anchor)
    if part.startswith("art"):
        return citation.model_copy(update={"anchor": within_article(document, citation.anchor, citation.quote)})
    if part.startswith("p") and "-" in part:
        for each in parts_at(document, citation.anchor):
            if citation.quote in text_at(document, f"{number}#{each}"):
                return citation.model_copy(update={"anchor": f"{number}#{each}"})
    return citation
