"""Answers by a language model over the retrieved passages, every statement checked before it is shown."""
