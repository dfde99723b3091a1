"""How much of the text of the real files arrives: PYTHONPATH=. python benchmarks/fidelity.py

For each folder: its files, what became of their records, what the documents hold, and how many characters of title, abstract,
claims and description in the source stand in the document, in their order. tests/ingest/test_golden.py reads the source, by
ElementTree or, for Greenbook, line by line; it compares both sides in NFKC, without white space and without the marks that formulas
and scripts add. The share of a folder is `min` for its poorest document and `all` for its characters together.
"""

from collection import DATA

from ingest import Failed, PatentDocument, read
from tests.ingest.test_golden import FOLDERS, Pair, arrived, pairs_of, signs


def shares(pair: Pair) -> tuple[int, int]:
    """The characters of the source, and how many of them arrived."""
    written = {name: signs(text) for name, text in pair.source.parts.items()}
    return sum(map(len, written.values())), sum(arrived(text, signs(pair.found.parts.get(name, ""))) for name, text in written.items())


def main() -> None:
    heads = ("documents", "failed", "warnings", "claims", "independent", "paragraphs", "characters", "lost")
    print(f"{'folder':8}{'files':>6}" + "".join(f"{head:>12}" for head in heads) + f"{'min':>11}{'all':>11}")
    for folder in FOLDERS:
        files = [path for path in sorted((DATA / folder).rglob("*")) if path.is_file()]
        outcomes = list(read(DATA / folder))
        documents = [outcome for outcome in outcomes if isinstance(outcome, PatentDocument)]
        claims = [claim for d in documents for claims in (d.claims, *d.translated_claims.values()) for claim in claims]
        counted = [shares(pair) for path in files for pair in pairs_of(path)]
        characters, found = (sum(column) for column in zip(*counted, strict=True))
        figures = (
            len(documents),
            sum(isinstance(outcome, Failed) for outcome in outcomes),
            sum(len(d.warnings) for d in documents),
            len(claims),
            sum(claim.independent for claim in claims),
            sum(len(section.paragraphs) for d in documents for section in d.sections),
            characters,
            characters - found,
        )
        poorest = min(found / characters for characters, found in counted)
        print(f"{folder:8}{len(files):>6}" + "".join(f"{figure:>12,}" for figure in figures) + f"{poorest:>11.4%}{found / characters:>11.4%}")


if __name__ == "__main__":
    main()
