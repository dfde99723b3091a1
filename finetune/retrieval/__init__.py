"""The models of retrieval: pairs from documents, the encoder that is tuned on them, the reranker.

Imported module by module: `settings` needs pydantic alone, `pairs` and `gathering` documents, the others torch.
"""
