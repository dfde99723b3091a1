"""How often the checks of tasks object to what people wrote: python benchmarks/task_checks.py

Granted and filed claims and abstracts, translations of abstracts between Chinese and English, and claims of European patents in three languages
(of these only numbers, signs and references are compared); and how often they notice a fault put into a translation that had none.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable

from collection import DATA

from assistant.tasks.abstract import problems_of_abstract
from assistant.tasks.claims import parsed_claims, problems_of_claims
from assistant.tasks.translation_checks import wrong_translation
from ingest import PatentDocument, read

SETS = {
    "US grants": ["uspto/bulk", "uspto/xml2014", "uspto/xml2006"],
    "US applications (some with cancelled claims)": ["us_applications/part-0.jsonl.gz", "us_applications/part-1.jsonl.gz"],
    "EP in English": ["epo"],
    "CN": ["cnipa"],
}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_REFERENCE = re.compile(r"((?:Anspr\w+|revendications?|claims?)\s+)(\d+)")


def kinds(problems: Iterable[str]) -> set[str]:
    return {re.sub(r"\d+", "N", problem) for problem in problems}


def forms() -> None:
    for name, paths in SETS.items():
        claims, abstracts = list[set[str]](), list[set[str]]()
        for document in read([DATA / path for path in paths]):
            if isinstance(document, PatentDocument) and document.language in ("en", "zh"):
                if document.claims:
                    written = parsed_claims([(claim.number, claim.text) for claim in document.claims])
                    claims.append(kinds(problems_of_claims(written, document.language)))
                if abstract := document.abstracts.get(document.language):
                    abstracts.append(kinds(problems_of_abstract(abstract, document.language)))
        for what, found in (("claims", claims), ("abstracts", abstracts)):
            counts = Counter(kind for each in found for kind in each)
            print(f"{name}, {what}: {sum(map(bool, found))} of {len(found)} have a problem; {dict(counts.most_common())}")


def abstracts_in_two_languages() -> None:
    with gzip.open(DATA / "cross_lingual" / "triples.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    ways = [(a, b, language) for row in rows for a, b, language in ((row["zh"], row["en"], "en"), (row["en"], row["zh"], "zh"))]
    clean = [(a, b, language) for a, b, language in ways if not list(wrong_translation(a, b, language, "abstract", {}))]
    print(f"translated abstracts: {len(ways) - len(clean)} of {len(ways)} have a problem")
    changed = noticed = 0
    for source, target, language in clean:
        for number in list(_NUMBER.finditer(target))[:3]:
            wrong = f"{target[: number.start()]}{number.group()}7{target[number.end() :]}"
            changed, noticed = changed + 1, noticed + bool(list(wrong_translation(source, wrong, language, "abstract", {})))
    print(f"  a number changed: noticed in {noticed} of {changed}")


def claims_in_three_languages() -> None:
    def wrong(source: str, target: str, number: int) -> list[str]:
        source, target = source.replace(",", "."), target.replace(",", ".")  # decimal commas
        return [each for each in wrong_translation(source, target, "en", str(number), {}) if "not in English" not in each]

    count = faulty = changed = noticed = 0
    for document in read([DATA / "epo"]):
        if isinstance(document, PatentDocument):
            for claim in (claim for claims in document.translated_claims.values() for claim in claims):
                own = document.claim(claim.number)
                if own is None:
                    continue
                problems = wrong(own.text, claim.text, claim.number)
                count, faulty = count + 1, faulty + bool(problems)
                if not problems and (named := _REFERENCE.search(claim.text)):
                    other = f"{claim.text[: named.start(2)]}{int(named[2]) + 1}{claim.text[named.end(2) :]}"
                    changed, noticed = changed + 1, noticed + any("refers" in each for each in wrong(own.text, other, claim.number))
    print(f"translated claims: {faulty} of {count} have a problem\n  a reference changed: noticed in {noticed} of {changed}")


if __name__ == "__main__":
    forms()
    abstracts_in_two_languages()
    claims_in_three_languages()
