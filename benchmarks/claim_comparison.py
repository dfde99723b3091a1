"""Whether the comparison of two claim sets finds what was done to them.

    python benchmarks/claim_comparison.py [--group english|chinese] [--documents 150] [--seed 6] [--part dev|test] [--show 10]

No application and its own grant are in the shared data, so real claim sets are amended here, by a seed, as they are amended in practice, and what was
done is the truth: claims cancelled, a dependent claim's features moved into its parent, words of the description put in, words of a document
of another field put in, words taken out, all claims renumbered. The documents are split by a hash of their number: look at `dev`, report `test`.

What added matter raises on words that should be there is counted on granted claims, each held as if it were new against its own description without
claims: an upper bound, since in an amendment most of the words stand in the old claims.
"""

import argparse
import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.claims.added_matter import Filed, added_matter
from assistant.claims.claim_set import claim_set
from assistant.claims.comparison import ClaimChange, compare
from benchmarks.claim_checks import documents, long_document
from ingest import PatentDocument
from ingest.document import Claim, Paragraph, Section
from ingest.sentences import sentences

GROUPS = {"english": ("us-grants", "us-applications"), "chinese": ("chinese",)}
_REFERENCE = {"english": re.compile(r"\b(claims?\s+)(\d+)\b"), "chinese": re.compile(r"(权利要求\s*)(\d+)")}
_PAGE_HEAD = re.compile(r"CN\d{7,9}[A-Z]\d?\s*(?:权利要求书|说明书)\s*\d+/\d+页.*$", re.DOTALL)
_END = re.compile(r"\s*[.。;；]\s*$")


@dataclass
class Amended:
    """An amended set, and what was done: new number to old (None for a claim that was added); by new number the kind of the amendment, the words
    put in or taken out, and the claim that was merged into it."""

    document: PatentDocument
    origin: dict[int, int | None]
    kinds: dict[int, str] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)


def part_of(number: str) -> str:
    return "dev" if blake2b(number.encode(), digest_size=1).digest()[0] % 2 else "test"


def usable(group: str, part: str, most: int) -> list[PatentDocument]:
    """Documents with 5 to 60 claims numbered from 1, each of which depends on earlier ones alone, in the language of the group."""
    found = []
    for name, document in documents():
        numbers = [c.number for c in document.claims]
        simple = numbers == list(range(1, len(numbers) + 1)) and all(len(c.depends_on) < 2 and not c.mentions for c in document.claims)
        if name in GROUPS[group] and part_of(document.number) == part and 5 <= len(numbers) <= 60 and simple and not claim_set(document).cancelled:
            found.append(_cleaned(document))
    return random.Random(0).sample(found, min(most, len(found)))


def _cleaned(document: PatentDocument) -> PatentDocument:
    """Without the page heads in the claims of KPPatent-ZH; where there is no description, the abstract stands for it."""
    claims = tuple(c.model_copy(update={"text": _PAGE_HEAD.sub("", c.text).strip()}) for c in document.claims)
    abstract = Section(paragraphs=(Paragraph(number="0001", text=document.abstract or document.title),))
    return document.model_copy(update={"claims": claims, "sections": document.sections or (abstract,)})


def described(document: PatentDocument) -> list[str]:
    return [s for section in document.sections for p in section.paragraphs for s in sentences(p.text)]


def phrase(document: PatentDocument, chance: random.Random, chinese: bool) -> str:
    """Four to nine words in a row out of one sentence, or 6 to 14 Chinese characters, without marks."""
    pattern = re.compile(r"[\u4e00-\u9fff]{6,14}") if chinese else re.compile(r"(?:[A-Za-z]{3,}\s){3,8}[A-Za-z]{4,}(?=[\s,.;])")
    found = [m.group() for s in described(document) if len(s) < 2000 for m in pattern.finditer(s)]
    return chance.choice(found) if found else ""


def amended(document: PatentDocument, stranger: PatentDocument, chance: random.Random, group: str) -> Amended:
    """One amended set: a claim merged, one cancelled, words put into two, taken out of one, a claim added; then all are numbered anew."""
    chinese = group == "chinese"
    texts = {c.number: c.text for c in document.claims}
    kinds: dict[int, str] = {}
    words: dict[int, str] = {}
    merged: dict[int, int] = {}
    gone: dict[int, int | None] = {}
    leaves = [c for c in document.claims if c.depends_on and not any(c.number in d.depends_on for d in document.claims)]
    chance.shuffle(leaves)
    for claim in leaves[:1]:
        parent = claim.depends_on[0]
        body = _REFERENCE[group].split(claim.text, maxsplit=1)[-1]
        body = re.sub(
            r"^.*?(?=wherein|further|其中)" if not chinese else r"^.*?(?:其特征在于|其中)[，,：:]?", "", body, count=1, flags=re.DOTALL
        ).strip(" ,，。.;")
        if len(body) > 20 - 10 * chinese:
            texts[parent] = _END.sub("", texts[parent]) + (f"，{body}。" if chinese else f", {body}.")
            kinds[parent], words[parent], merged[parent] = "merged", body, claim.number
            gone[claim.number] = parent
    for claim in leaves[1:2]:
        gone[claim.number] = None
    rest = [n for n in texts if n not in gone and n not in kinds and n != 1]
    chance.shuffle(rest)
    for number, kind in zip(rest, ("described", "foreign", "taken out"), strict=False):
        if kind == "taken out":
            clause = re.search(r"，[^，。；]{6,40}(?=[，。；])" if chinese else r",\s[^,.;:]{20,120}(?=[,.;])", texts[number][20:])
            if clause and not _REFERENCE[group].search(clause.group()) and not re.search(r"\bor\b|或", clause.group()):
                texts[number] = texts[number][:20] + texts[number][20:].replace(clause.group(), "", 1)
                kinds[number], words[number] = kind, clause.group()
            continue
        put = phrase(document if kind == "described" else stranger, chance, chinese)
        if put:
            texts[number] = _END.sub("", texts[number]) + (f"，其中{put}。" if chinese else f", wherein {put}.")
            kinds[number], words[number] = kind, put
    numbers = {old: new for new, old in enumerate((n for n in texts if n not in gone), 1)}
    place = {**numbers, **{old: numbers.get(parent or document.claims[old - 1].depends_on[0], 1) for old, parent in gone.items()}}

    def renumbered(text: str) -> str:
        return _REFERENCE[group].sub(lambda m: f"{m[1]}{place.get(int(m[2]), int(m[2]))}", text)

    claims = [Claim(number=new, text=renumbered(texts[old]), depends_on=None) for old, new in numbers.items()]
    origin: dict[int, int | None] = {new: old for old, new in numbers.items()}
    whole = [_END.sub("", s) for s in described(document) if 30 - 15 * chinese < len(s) < 300 - 150 * chinese]
    put = chance.choice(whole) if whole else ""
    like = next((c for c in document.claims if c.depends_on), None)
    head = _REFERENCE[group].search(like.text) if like else None
    if put and like and head:
        added = f"{like.text[: head.end()]}所述的方案，其特征在于，{put}。" if chinese else f"{like.text[: head.end()]}, wherein {put}."
        claims.append(Claim(number=len(claims) + 1, text=renumbered(added), depends_on=None))
        origin[len(claims)] = None
    return Amended(
        document=document.model_copy(update={"number": f"{document.number}-AMENDED", "claims": tuple(claims)}),
        origin=origin,
        kinds={numbers[o]: k for o, k in kinds.items()},
        words={numbers[o]: w for o, w in words.items()},
        merged={numbers[o]: m for o, m in merged.items()},
    )


def letters(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


def changed_text(change: ClaimChange, kind: str) -> str:
    """What a redline adds or removes, but for the numbers of claims."""
    return "".join(p.text for p in change.redline if p.kind == kind and not p.text.strip().isdigit())


def scored(document: PatentDocument, made: Amended, group: str, scores: Counter[str], show: list[str]) -> None:
    comparison = compare(document, made.document, filed=document)
    changes = {c.new: c for c in comparison.changes if c.new is not None}
    lead = "其中" if group == "chinese" else "wherein"
    for new, old in made.origin.items():
        change, kind = changes[new], made.kinds.get(new, "")
        scores["claims"] += 1
        scores["claims: paired right"] += change.old == old
        if old is None:
            right = change.change == "added"
            scores["added"] += 1
            scores["added: found as added"] += right
        elif not kind:
            right = change.change in ("same", "renumbered")
            scores["untouched"] += 1
            scores["untouched: found same or renumbered"] += right
            scores["untouched: flagged as added matter"] += bool(change.added_matter)
        else:
            removed = kind == "taken out"
            exact = letters(changed_text(change, "removed" if removed else "added"))
            words = letters(made.words[new])
            right = change.change == "amended" and exact in (words, lead + words)
            scores[kind] += 1
            scores[f"{kind}: exactly these words"] += right
            scores[f"{kind}: effect right"] += change.effect == ("broadened" if removed else "narrowed")
            scores[f"{kind}: flagged as added matter"] += bool(change.added_matter)
            if kind == "merged":
                right = made.merged[new] in change.taken_from
                scores["merged: the claim is named"] += right
                scores["merged: another is named, too"] += len(change.taken_from) > right
            elif change.taken_from:
                scores["not merged: a claim is named"] += 1
        if not right:
            show.append(
                f"{document.number} {old}->{new} {kind}: {change.change} of {change.old}, {change.effect}, from {change.taken_from}\n   {red(change)}"
            )
    scores["sets: the removed claims are right"] += {c.old for c in comparison.changes if c.new is None} == {c.number for c in document.claims} - set(
        made.origin.values()
    )
    scores["sets"] += 1


def red(change: ClaimChange) -> str:
    marks = {"same": "{}", "added": "{{+{}+}}", "removed": "[-{}-]"}
    return "".join(marks[p.kind].format(p.text) for p in change.redline).replace("\n", " / ")


def raised_on_grants(group: str, part: str) -> Iterator[tuple[str, int, str]]:
    """(document, claim, phrase) of what added matter raises where a granted document's claims are held against its own description; a claim is
    counted once with an empty phrase."""
    for name, document in documents():
        claims = claim_set(document)
        if name not in (GROUPS[group][0],) or not claims.passages or part_of(document.number) != part:
            continue
        filed = Filed(document.model_copy(update={"claims": ()}), claims.language, claims.practice, claims.report_language)
        for claim in claims.claims:
            yield document.number, claim.number, ""
            for matter in added_matter(claim, [(0, len(claim.text))], filed):
                yield document.number, claim.number, matter.text


def speed() -> None:
    document = long_document()
    stranger = document.model_copy(
        update={
            "number": "US1B1",
            "claims": tuple(c.model_copy(update={"text": _END.sub("", c.text) + ", wherein it is cold."}) for c in document.claims),
        }
    )
    times = []
    for _ in range(3):
        start = time.perf_counter()
        compare(document, stranger, filed=document)
        times.append(time.perf_counter() - start)
    print(f"\n{len(document.claims)} claims, each amended, 50,000 words of description: {min(times):.2f} s (first time {times[0]:.2f} s)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--group", choices=tuple(GROUPS), default="english")
    parser.add_argument("--documents", type=int, default=150)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--part", choices=("dev", "test"), default="dev")
    parser.add_argument("--show", type=int, default=0, help="print so many of the claims that were not found right")
    arguments = parser.parse_args()

    chosen = usable(arguments.group, arguments.part, arguments.documents)
    scores: Counter[str] = Counter()
    show: list[str] = []
    seconds = []
    for i, document in enumerate(chosen):
        chance = random.Random(f"{arguments.seed} {document.number}")
        made = amended(document, chosen[(i + 7) % len(chosen)], chance, arguments.group)
        start = time.perf_counter()
        scored(document, made, arguments.group, scores, show)
        seconds.append(time.perf_counter() - start)
    print(f"{len(chosen)} documents ({arguments.group}, {arguments.part}), median {1000 * statistics.median(seconds):.0f} ms")
    for name in sorted(scores):
        whole = scores[name.split(":")[0]] if ":" in name else 0
        print(f"{name:45} {scores[name]:>6,}" + (f"  {scores[name] / whole:.3f}" if whole else ""))
    raised = list(raised_on_grants(arguments.group, arguments.part))
    claims = len({(d, c) for d, c, _ in raised})
    flagged = len({(d, c) for d, c, p in raised if p})
    print(f"{'granted claims held against their description':45} {claims:>6,}, {flagged} of them flagged ({flagged / max(1, claims):.3f})")
    print(*random.Random(arguments.seed).sample(show, min(arguments.show, len(show))), sep="\n")
    speed()


if __name__ == "__main__":
    main()
