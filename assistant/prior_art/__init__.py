"""Prior art for a document, a claim or words: passages, documents, single references and pairs of them against a claim's features."""
