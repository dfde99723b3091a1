"""Tokenizers: new ones, and published ones extended by the words of patents and of Chinese."""
