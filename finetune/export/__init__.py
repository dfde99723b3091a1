"""From a trained model to files that are served and shared: merged weights, deltas, GGUF, a card."""
