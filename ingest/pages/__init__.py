"""Pages: PDF's text layer and OCR into blocks in reading order."""
