"""What the checks of claims raise on real claims, and how long a report takes.

    python benchmarks/claim_checks.py [--sample FILE [--count 200] [--rule NAME] [--group NAME] [--seed 6]] [--injected]

Groups: grants of the USPTO and the EPO, Chinese documents (grants, applications and utility models of CNIPA, and the claims of KPPatent-ZH, which
have page headers in them), US applications. A granted claim has passed an examiner, so most of what a check raises on it is a false alarm or a
matter of form; whether it is, only reading tells. The sample is for that: it takes the rules in turn, so that the rare ones are in it.

`claim_checks_judged.jsonl` has what was read: places without their words, the judgement, and whether a finding was read while the rules were being
mended (`development`) or before that in documents not looked at so far (`fresh`). The precision is printed as read, and of what is still raised.
`--injected` puts defects into the granted and the Chinese claims (`benchmarks/claim_defects.py`) and prints the share found.
"""

import argparse
import json
import random
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.claims.claim_set import claim_set
from assistant.claims.finding import Finding
from assistant.claims.report import claim_report
from assistant.claims.rules import RULES, check
from benchmarks.claim_defects import is_found, made
from benchmarks.collection import DATA, keyphrase_documents
from ingest import PatentDocument, read
from ingest.document import Claim, Paragraph, Section

GROUPS = ("us-grants", "ep-grants", "chinese", "us-applications")
JUDGED = Path(__file__).with_name("claim_checks_judged.jsonl")


def documents() -> Iterator[tuple[str, PatentDocument]]:
    """(group, document) of all documents with claims."""
    for folder in ("uspto/bulk", "uspto/mixed", "epo", "cnipa", "us_applications"):
        for outcome in read([DATA / folder]):
            if isinstance(outcome, PatentDocument) and outcome.claims and (group := _group(folder, outcome)):
                yield group, outcome
    for document in keyphrase_documents():
        if document.claims:  # their numbers are the project's own: by them, KP would be an office
            yield "chinese", document.model_copy(update={"number": f"CN{document.number}"})


def _group(folder: str, document: PatentDocument) -> str:
    if folder == "us_applications":
        return "us-applications"
    if folder == "cnipa":
        return "chinese"
    if not document.kind.startswith("B"):
        return ""
    return "ep-grants" if folder == "epo" else "us-grants"


def long_document(claims: int = 100, words: int = 50_000) -> PatentDocument:
    """A document of real claims and paragraphs, put together to a given length."""
    own: list[Claim] = []
    paragraphs: list[Paragraph] = []
    counted = 0
    for _, document in documents():
        first = len(own)
        for claim in document.claims if document.country == "US" and first < claims else ():
            references = {n: n + first for n in (*claim.depends_on, *claim.mentions)}
            text = claim.text
            for old, new in sorted(references.items(), reverse=True):
                text = text.replace(f"claim {old}", f"claim {new}")
            own.append(Claim(number=claim.number + first, text=text, depends_on=None))
        for section in document.sections if counted < words else ():
            for paragraph in section.paragraphs:
                paragraphs.append(Paragraph(number=f"{len(paragraphs) + 1:05d}", text=paragraph.text))
                counted += len(paragraph.text.split())
        if len(own) >= claims and counted >= words:
            break
    return PatentDocument(
        number="US1A1", language="en", titles={"en": "long"}, claims=tuple(own[:claims]), sections=(Section(paragraphs=tuple(paragraphs)),)
    )


def sampled(found: dict[str, list[tuple[PatentDocument, Finding]]], count: int, seed: int) -> list[tuple[PatentDocument, Finding]]:
    """Findings of each rule in turn, shuffled with the seed."""
    shuffled = {rule: random.Random(seed).sample(findings, len(findings)) for rule, findings in sorted(found.items())}
    chosen: list[tuple[PatentDocument, Finding]] = []
    while len(chosen) < count and any(shuffled.values()):
        chosen += [findings.pop() for findings in shuffled.values() if findings]
    return chosen[:count]


def print_precision(raised: set[tuple[str, str, int, int]]) -> None:
    """By sample, group and rule: right of all read, and right of those of them that are still raised, by the place where they start."""
    read_: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    with JUDGED.open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            counter = read_[row["sample"], row["group"], row["rule"]]
            still = (row["document"], row["rule"], row["claim"], row["start"]) in raised
            counter.update(read=1, right=int(row["right"]), still=int(still), still_right=int(still and row["right"]))
    print(f"\n{'read by a person':56}{'right':>12}{'right of those still raised':>32}")
    for (sample, group, rule), n in sorted(read_.items()):
        print(f"{sample:12} {group:16} {rule:26}{n['right']:>6} of {n['read']:<4}{n['still_right']:>22} of {n['still']}")


def print_injected(seed: int) -> None:
    """The share of injected defects found, in US and EP grants and in Chinese claims, by kind."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    bases = {rule.name: rule.basis for rule in RULES}
    practices = {"us-grants": "us", "ep-grants": "ep", "chinese": "cn"}
    for group, document in documents():
        if group not in practices or document.language not in ("en", "zh") or document.kind.startswith(("S", "P")):
            continue
        before = tuple(check(claim_set(document)))
        for kind, rule, defect in made(document, seed):
            if practices[group] in bases[rule]:
                found[kind].update({f"{group} made": 1, f"{group} found": int(is_found(defect, rule, before))})
    print(f"\n{'injected defects found':42}" + "".join(f"{group:>17}" for group in practices))
    for kind, n in found.items():
        print(f"{kind:42}" + "".join(f"{n[f'{g} found']:>10} of {n[f'{g} made']:<3}" for g in practices))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=Path, help="write findings to this file, for reading")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--rule", help="sample this rule only")
    parser.add_argument("--group", choices=GROUPS, help="sample this group only")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--injected", action="store_true", help="put defects into claims and count those found")
    arguments = parser.parse_args()

    counts: dict[str, Counter[str]] = {g: Counter() for g in GROUPS}
    sizes: dict[str, list[int]] = defaultdict(list)
    seconds: dict[str, list[float]] = defaultdict(list)
    found: dict[str, list[tuple[PatentDocument, Finding]]] = defaultdict(list)
    raised: set[tuple[str, str, int, int]] = set()
    for group, document in documents():
        start = time.perf_counter()
        report = claim_report(document)
        seconds[group].append(time.perf_counter() - start)
        sizes[group].append(len(document.claims))
        counts[group].update(f.rule for f in report.findings)
        raised |= {(document.number, f.rule, f.claim, f.start) for f in report.findings}
        if arguments.group in (None, group):
            for finding in report.findings:
                if finding.claim and arguments.rule in (None, finding.rule):
                    found[finding.rule].append((document, finding))

    print(f"{'':26}" + "".join(f"{group:>17}" for group in GROUPS))
    print(f"{'documents':26}" + "".join(f"{len(sizes[g]):>17,}" for g in GROUPS))
    print(f"{'claims':26}" + "".join(f"{sum(sizes[g]):>17,}" for g in GROUPS))
    print(f"{'median report, ms':26}" + "".join(f"{1000 * statistics.median(seconds[g] or [0]):>17.1f}" for g in GROUPS))
    print(f"{'longest report, s':26}" + "".join(f"{max(seconds[g], default=0):>17.2f}" for g in GROUPS))
    for rule in sorted({rule for c in counts.values() for rule in c}):
        print(f"{rule:26}" + "".join(f"{counts[g][rule]:>17,}" for g in GROUPS))

    print("\nper 1,000 claims")
    for rule in sorted({rule for c in counts.values() for rule in c}):
        print(f"{rule:26}" + "".join(f"{1000 * counts[g][rule] / max(1, sum(sizes[g])):>17.1f}" for g in GROUPS))
    print_precision(raised)
    if arguments.injected:
        print_injected(arguments.seed)

    document = long_document()
    times = []
    for _ in range(3):
        start = time.perf_counter()
        claim_report(document)
        times.append(time.perf_counter() - start)
    words = sum(len(p.text.split()) for s in document.sections for p in s.paragraphs)
    print(f"\n{len(document.claims)} claims, {words:,} words of description: {min(times):.2f} s (first time {times[0]:.2f} s)")

    if arguments.sample:
        chosen = sampled(found, arguments.count, arguments.seed)
        with arguments.sample.open("w", encoding="utf-8") as file:
            for number, (document, finding) in enumerate(chosen, 1):
                claim = document.claim(finding.claim)
                text = claim.text.replace("\n", " / ") if claim else ""
                depends = claim.depends_on if claim else ()
                file.write(f"{number}. {finding.rule} {finding.anchor} depends on {depends}\n   {finding.message}\n")
                file.write(
                    f"   {text[max(0, finding.start - 400) : finding.start]} >>>{finding.quoted}<<< {text[finding.end : finding.end + 120]}\n\n"
                )
        print(f"{len(chosen)} findings in {arguments.sample}")


if __name__ == "__main__":
    main()
