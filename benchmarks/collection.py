"""The collection of the question set: grants, applications and Chinese documents of the shared data.

The Chinese key phrase documents (title, abstract, claims) come without a number; here their row gives them one: KP0001.
"""

import gzip
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from ingest import Claim, PatentDocument, Source, read

DATA = Path(os.environ.get("PATENT_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
GRANTS = "uspto/bulk"
APPLICATIONS = "us_applications/part-0.jsonl.gz"
CHINESE = "cnipa"
KEYPHRASES = "kppatent_zh/test.jsonl.gz"


def documents() -> Iterator[PatentDocument]:
    """All documents of the collection; anything that fails to be read is an error here."""
    for outcome in read([DATA / GRANTS, DATA / APPLICATIONS, DATA / CHINESE]):
        if isinstance(outcome, PatentDocument):
            yield outcome
    yield from keyphrase_documents()


def keyphrase_documents() -> Iterator[PatentDocument]:
    """The 342 test rows of KPPatent-ZH as documents with a title, an abstract and claims."""
    with gzip.open(DATA / KEYPHRASES, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            match = re.fullmatch(r"标题：(.*?)\n摘要：(.*?)(?:\n权利声明：(.*))?", row["input"].strip(), re.DOTALL)
            if match is None:
                raise ValueError(f"row {row['row']}: not a title, an abstract and claims")
            title, abstract, claims = match.groups()
            yield PatentDocument(
                number=f"KP{row['row']:04d}",
                language="zh",
                titles={"zh": title.strip()},
                abstracts={"zh": abstract.strip()},
                claims=tuple(_claims(claims or "")),
                source=Source(path=KEYPHRASES, format="kppatent"),
            )


def _claims(text: str) -> Iterator[Claim]:
    expected = 1
    pieces = re.split(r"(?:^|(?<=\n)|(?<=。))\s*(\d{1,3})\s*[.．、](?!\d)", text)
    body = ""
    for number, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if int(number) == expected:
            if body.strip() and expected > 1:
                yield Claim(number=expected - 1, text=body.strip())
            body, expected = piece, expected + 1
        else:
            body += f"{number}.{piece}"
    if body.strip() and expected > 1:
        yield Claim(number=expected - 1, text=body.strip())
