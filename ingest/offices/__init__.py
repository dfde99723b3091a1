"""Readers of the offices' own formats, one module a format family."""
