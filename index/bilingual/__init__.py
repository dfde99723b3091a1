"""Between Chinese and English without a model: a bilingual dictionary learned from the International Patent Classification.

`gloss` writes Chinese patent text in English words, in the order of the Chinese, so that an encoder and a reader of English alone
can make use of it; `translations` gives the terms of the other language for a term of the lexical index, with probabilities;
`coverage` says how much of a text the dictionary knows.

The dictionary is two files beside this module, which hold statistics alone: `phrases.json.gz` (Chinese words and phrases with
their most likely English) and `terms.json.gz` (terms as `index.terms` makes them). They were learned by `index.bilingual.learning`
from the titles that stand at the same symbol in Chinese (IPC 2026.01, WIPO and CNIPA) and in English (IPC of about 1980, 2019, 2021
and 2022, WIPO; CPC 2019.08, EPO and USPTO, whose titles are the IPC's); `benchmarks/bilingual.py learn` does that again. Chinese
means simplified characters; traditional ones are known only where the two are the same.
"""

from index.bilingual.dictionary import translations
from index.bilingual.glossing import coverage, gloss

__all__ = ["coverage", "gloss", "translations"]
