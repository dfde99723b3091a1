"""The stage `corpus`: documents, entries of classification schemes and general texts to a corpus for pre-training."""
