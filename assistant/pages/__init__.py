"""What the HTML pages of reports and summaries share: their environment and style, characters that they can hold, quotations marked in a text."""
