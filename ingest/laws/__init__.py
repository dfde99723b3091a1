"""Laws and regulations: how their articles are told, and what they are called."""
