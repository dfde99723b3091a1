"""What the readers make of the real files: python benchmarks/reading.py

For each weekly file and each Chinese file: the XML roots counted in the bytes, what became of them, and how many utility patents
lack a number, a title, claims, paragraphs or classifications. Then how often `depends_on` and `mentions`, which are read off the wording, are
what the files' own `claim-ref` elements say: to the letter, and with a range of which the element marks the first number
("<claim-ref>claims 2</claim-ref> through <b>4</b>") counted whole.
"""

import re
from collections import Counter

from collection import CHINESE, DATA, GRANTS
from lxml import etree

from ingest import Failed, PatentDocument, Skipped, read


def references(element: etree._Element) -> tuple[set[int], set[int]]:
    """The claims that the claim-ref elements name by attribute, and those with the ranges in their text."""
    named, whole = set(), set()
    for reference in element.iter("claim-ref"):
        named.add(int(re.sub(r"\D", "", reference.get("idref") or "") or 0))
        following = reference.getnext()  # the last number of a range is in bold, after the element
        after = (reference.tail or "") + ((following.text or "") if following is not None else "")
        written = "".join(reference.itertext()) + (re.match(r"\s*(?:(?:-|–|to|through)\s*\d+)?", after) or [""])[0]
        whole |= {int(n) for n in re.findall(r"\d+", written)}
        for first, last in re.findall(r"(\d+)\s*(?:-|–|to|through)\s*(\d+)", written):
            whole |= set(range(int(first), int(last) + 1))
    return named, whole


def main() -> None:
    print(f"{'file':32}{'roots':>6}{'documents':>10}{'failed':>7}  skipped; utility patents that lack something")
    alone = letter = ranges = claims = 0
    for path in [*sorted((DATA / GRANTS).glob("*.xml")), *sorted((DATA / CHINESE).glob("*.xml"))]:
        data = path.read_bytes()
        roots = len(re.findall(rb"<\?xml[ \t]", data))
        outcomes = list(read(path))
        documents = {d.number: d for d in outcomes if isinstance(d, PatentDocument)}
        skipped = Counter(s.what for s in outcomes if isinstance(s, Skipped))
        failed = sum(isinstance(f, Failed) for f in outcomes)
        lacking = [
            d.number
            for d in documents.values()
            if d.kind[:1] in "AB" and not (d.number and d.title and d.claims and any(s.paragraphs for s in d.sections) and d.classifications)
        ]
        print(f"{path.name:32}{roots:>6}{len(documents):>10}{failed:>7}  {dict(skipped) or '-'}; {lacking or '-'}")
        for record in re.split(rb"(?=<\?xml[ \t])", data):
            if b"<us-patent-grant" not in record[:400]:
                continue
            root = etree.fromstring(record, etree.XMLParser(resolve_entities=False, load_dtd=False))
            country, number, kind = (root.findtext(f".//publication-reference//{n}") or "" for n in ("country", "doc-number", "kind"))
            document = documents[country + re.sub(r"^([A-Z]*)0+", r"\1", number) + kind]
            for element, claim in zip(root.findall("claims/claim"), document.claims, strict=True):
                named, whole = references(element)
                claims += 1
                read_off = {*claim.depends_on, *claim.mentions}
                alone += set(claim.depends_on) == named
                letter += read_off == named
                ranges += read_off in (named, whole)
    print(f"depends_on and mentions agree with claim-ref on {letter / claims:.2%} of {claims:,} claims; ", end="")
    print(f"with ranges counted whole on {ranges / claims:.2%}; depends_on alone, to the letter, on {alone / claims:.2%}")


if __name__ == "__main__":
    main()
