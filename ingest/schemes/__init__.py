"""The classifications: symbols, the IPC and CPC schemes, definitions and lists of titles."""
