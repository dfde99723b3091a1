"""The models of retrieval: pairs from documents, the encoder that is tuned on them, the reranker.

Imported module by module: `finetune.retrieval.pairs` needs nothing but documents, the others torch.
"""
