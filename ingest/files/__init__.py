"""Word files, web pages and plain text into blocks, through `unstructured`."""
