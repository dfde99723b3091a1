"""Whether the paragraph that supports an element of a claim is found, how often support is seen where there is none, and whether the
scores are probabilities.

    python benchmarks/claim_support.py [--fit] [--part test|development] [--seed NAME] [--read FILE] [--unsupported FILE] [--foreign FILE]

Documents: grants of the USPTO and the EPO, and those Chinese documents that have a description (applications: no granted one has both claims
and description here), split by a hash of their number. `claim_support_judged.jsonl` says of elements and paragraphs whether the paragraph
supports the element: read one by one, `yes`, `partly` or `no`. A place that was not judged counts as unjudged.

Support is false where an element is held against the description of the nearest other document (by TF-IDF, among grants, applications and, for
Chinese claims, the patents of cn_chem_ner), or was altered: a number changed, or a thing of that document put in. Some of the first is
right, since the other document does have a memory or a composition; `--foreign` writes some to be read.

`--fit` fits the probability on the development part and prints what stands in assistant/claims/support.py; `--read` writes the sampled elements
with their places, for judging.
"""

import argparse
import gzip
import hashlib
import json
import random
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.claims.claim_set import claim_set
from assistant.claims.english import nouns
from assistant.claims.support import SUPPORTED, WEAK, WEIGHTS, ElementSupport, chosen, described_in, elements_of, less_of, logits, support
from assistant.claims.support_search import Description
from benchmarks.claim_checks import documents, long_document
from benchmarks.collection import DATA
from index.terms import terms
from ingest import PatentDocument
from ingest.document import Paragraph, Section

GROUPS = {"us-grants": 60, "ep-grants": 15, "chinese": 25}
PARTS = {"test": 0, "development": 1}
MOST_OF_A_DOCUMENT = 2
"""Elements sampled of a US grant; of the others there are too few."""
SEED = "third"
"""Of the sample. Two others of the same documents were read before, and weights changed in between. After this one was read the scale of the
scores and the signs between neighbouring terms were changed; the three places that became others by it were read then."""
JUDGED = Path(__file__).with_name("claim_support_judged.jsonl")
SURE = 0.85
"""For fitting: an own element counts as supported where its sentences hold this share of its terms (42 of 43 that were read are)."""
CLAIMS = 25
BINS = 10
MIX = {"own": 4.0, "foreign": 0.5, "altered": 0.5}
"""The weights of the three kinds of pairs in fitting and in the calibration error: most elements that are looked for are their own description's."""
_NUMBER = re.compile(r"(?<![A-Za-z(（\d.])\d+(?:\.\d+)?(?![\d.]*[)）])")
_NO_QUANTITY = re.compile(r"(?:claims?|要求|NO[.:：]?|第)\s*$")


class Pair(NamedTuple):
    """An element and the best paragraph for it, with its measures in the order of WEIGHTS, the constant left out."""

    group: str
    kind: str
    altered: str
    number: str
    label: str
    text: str
    anchor: str
    quote: str
    measures: list[float]
    probability: float


def hashed(text: str) -> int:
    return int(hashlib.blake2b(text.encode(), digest_size=8).hexdigest(), 16)


def of_part(document: PatentDocument, part: str) -> bool:
    return hashed(document.number) % 2 == PARTS[part]


@cache
def collection() -> tuple[tuple[str, PatentDocument], ...]:
    return tuple((g, d) for g, d in documents() if d.kind[:1] not in ("S", "P"))


def described(part: str) -> Iterator[tuple[str, PatentDocument]]:
    yield from ((g, d) for g, d in collection() if g in GROUPS and d.sections and of_part(d, part))


def sampled(part: str, seed: str) -> list[tuple[str, PatentDocument, ElementSupport]]:
    """The elements of a part, by group in the order of a hash."""
    found: dict[str, list[tuple[int, PatentDocument, ElementSupport]]] = defaultdict(list)
    for group, document in described(part):
        found[group] += [(hashed(f"{seed} {document.number} {e.label}"), document, e) for e in support(document) if e.places]
    chosen_: list[tuple[str, PatentDocument, ElementSupport]] = []
    for group, count in GROUPS.items():
        of_document: Counter[str] = Counter()
        for _, document, element in sorted(found[group], key=lambda f: f[0]):
            if of_document[document.number] < MOST_OF_A_DOCUMENT or group != "us-grants":
                of_document[document.number] += 1
                if of_document.total() <= count:
                    chosen_.append((group, document, element))
    return chosen_


def judgements() -> dict[tuple[str, str, str], str]:
    rows = [json.loads(line) for line in JUDGED.read_text(encoding="utf-8").splitlines()]
    return {(r["number"], r["label"], r["anchor"]): r["judgement"] for r in rows}


def chemistry() -> Iterator[PatentDocument]:
    """The Chinese patents of cn_chem_ner: descriptions without claims."""
    for name in ("train", "valid"):
        with gzip.open(DATA / "cn_chem_ner" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                number, _, text = json.loads(line)["text"].partition("#")
                pieces = re.findall(r"(?s).{1,250}[^。\n]*[。\n]?", text)
                paragraphs = tuple(Paragraph(number=f"{i:04d}", text=p) for i, p in enumerate(filter(str.strip, pieces), 1))
                yield PatentDocument(
                    number=number.upper(), language="zh", titles={"zh": text[:30].split("\n")[0]}, sections=(Section(paragraphs=paragraphs),)
                )


def neighbours() -> Iterator[tuple[str, PatentDocument, PatentDocument]]:
    """Each document with claims and the nearest other with a description in its language; near-duplicates, which are of one family, left out."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    others = {d.number: d for _, d in collection() if d.sections} | {d.number: d for d in chemistry()}
    mine = [(g, d) for g, d in collection() if g in GROUPS and d.language in ("en", "zh")]
    gists = [_gist(d) for d in others.values()]
    vectorizer = TfidfVectorizer(analyzer=terms, sublinear_tf=True).fit(gists)
    alike = (vectorizer.transform([_gist(d) for _, d in mine]) @ vectorizer.transform(gists).T).toarray()
    for row, (group, document) in enumerate(mine):
        for other, likeness in sorted(zip(others.values(), alike[row], strict=True), key=lambda o: -o[1]):
            if other.language == document.language and other.number != document.number and likeness < 0.8:
                yield group, document, other
                break


def _gist(document: PatentDocument) -> str:
    claims = [c.text for c in document.claims[:5]]
    return "\n".join([document.title, document.abstract, *(claims or [p.text for s in document.sections for p in s.paragraphs][:10])])


def pairs(part: str) -> list[Pair]:
    """Own, foreign and altered elements with their best paragraphs."""
    generator = random.Random(5)
    found: list[Pair] = []
    near = {d.number: (g, d, other) for g, d, other in neighbours() if of_part(d, part)}
    for group, document in described(part):
        found += _held(group, "own", document, document)
    for group, document, other in near.values():
        found += _held(group, "foreign", document, other)
        if document.sections:
            found += _held(group, "altered", document, document, _things(other), generator)
    return found


def _held(
    group: str, kind: str, document: PatentDocument, other: PatentDocument, things: Sequence[str] = (), generator: random.Random | None = None
) -> Iterator[Pair]:
    claims = claim_set(document)
    own = document is other
    paragraphs = described_in(other)
    description = Description([p.text for _, p in paragraphs], [c.text for c in claims.claims] if own else ())
    less = less_of(paragraphs)
    for claim in claims.claims[:CLAIMS]:
        around = description.shares(claim.text)
        for element in elements_of(claim, claims.language):
            changed, text = _altered(element.text, things, claims.language, generator) if generator else ("", element.text)
            looked = description.find(text, around) if text else None
            if looked is None:
                continue
            logit = logits(looked)
            row = chosen(looked, logit, less)[0]
            measures = looked.measures._asdict()
            first, last = description.sentences[looked.first[row]], description.sentences[looked.last[row]]
            yield Pair(
                group,
                kind,
                changed,
                document.number,
                element.label,
                text,
                f"{other.number}#p{paragraphs[row][1].number}",
                paragraphs[row][1].text[first[1] : last[2]],
                [float(measures[name][row]) for name in WEIGHTS if name != "constant"],
                float(1 / (1 + np.exp(-logit[row]))),
            )


def _altered(text: str, things: Sequence[str], language: str, generator: random.Random) -> tuple[str, str]:
    """What was done to an element and its text after it, empty where nothing could be."""
    numbers = [m for m in _NUMBER.finditer(text) if not _NO_QUANTITY.search(text[: m.start()])]
    if numbers and generator.random() < 0.7:
        match = generator.choice(numbers)
        return "number", f"{text[: match.start()]}{round(float(match[0]) * generator.choice([1.7, 2.3, 3.1]) + 1, 2):g}{text[match.end() :]}"
    if not things:
        return "", ""
    thing = generator.choice(things)
    text = text.rstrip(" \n;,.。；，")
    return "inserted", f"{text}，并且设有{thing}" if language == "zh" else f"{text}, together with a {thing}"


def _things(document: PatentDocument) -> list[str]:
    """Nouns of another document's claims, or of its description where it has none."""
    if document.language != "zh":
        return sorted({m.group().lower() for c in document.claims for m in nouns(c.text)})
    import rjieba

    text = "\n".join(c.text for c in document.claims) or "\n".join(p.text for s in document.sections for p in s.paragraphs)[:5000]
    counted = Counter(word for word, tag in rjieba.tag(text) if tag in ("n", "nz") and len(word) > 1)
    return [word for word, _ in counted.most_common(25)]


def labelled(found: Sequence[Pair]) -> tuple[Any, Any, Any, list[Pair]]:
    """Measures (n, measures), whether they support, and weights; a pair judged `partly` counts half for each.

    Left out are foreign pairs whose sentences hold every term, since the other document does disclose them, and own ones that were neither judged nor
    sure; those judged stand for them, too.
    """
    known = judgements()
    rows: list[tuple[Pair, float, float]] = []
    unsure = [p for p in found if p.kind == "own" and p.measures[0] < SURE]
    judged_of = [p for p in unsure if (p.number, p.label, p.anchor) in known]
    for pair in found:
        judged = known.get((pair.number, pair.label, pair.anchor)) if pair.kind == "own" else None
        if pair.kind != "own":
            if pair.kind == "altered" or pair.measures[0] < 0.99:
                rows.append((pair, 0.0, 1.0))
        elif judged or pair.measures[0] >= SURE:
            label = {"yes": 1.0, "partly": 0.5, "no": 0.0}[judged or "yes"]
            rows.append((pair, label, len(unsure) / max(1, len(judged_of)) if pair.measures[0] < SURE else 1.0))
    totals: dict[tuple[str, str], float] = defaultdict(float)
    for pair, _, weight in rows:
        totals[pair.kind, pair.altered] += weight
    kinds = Counter(kind for kind, _ in totals)
    x, y, w, of = [], [], [], []
    for pair, label, weight in rows:
        for side, share in ((1, label), (0, 1 - label)):
            if share:
                x.append(pair.measures)
                y.append(side)
                w.append(MIX[pair.kind] / kinds[pair.kind] * share * weight / totals[pair.kind, pair.altered] * len(rows))
                of.append(pair)
    return np.array(x), np.array(y), np.array(w), of


def fit() -> None:
    from sklearn.linear_model import LogisticRegression

    x, y, w, _ = labelled(pairs("development"))
    model = LogisticRegression(C=10.0, max_iter=1000).fit(x, y, sample_weight=w)
    names = [name for name in WEIGHTS if name != "constant"]
    print("WEIGHTS", {name: round(float(v), 2) for name, v in zip(["constant", *names], (model.intercept_[0], *model.coef_[0]), strict=True)})


def report_found(part: str, seed: str) -> None:
    """The share of sampled elements of which the best place, or any of the three, supports the element."""
    known = judgements()
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for group, document, element in sampled(part, seed):
        judged = [known.get((document.number, element.label, p.citation.anchor), "unjudged") for p in element.places]
        for of in (group, "all"):
            found[of].update(
                ["elements", judged[0], "any" if "yes" in judged else "", f"supported {judged[0]}" if element.verdict == "supported" else ""]
            )
    print(f"{part}, sample {seed!r}: the best paragraph supports the element yes / partly / no / unjudged, and any of the three quoted does;")
    print("  of those called supported: yes / partly / no / unjudged")
    for group, counts in found.items():
        best = " / ".join(str(counts[j]) for j in ("yes", "partly", "no", "unjudged"))
        called = " / ".join(str(counts[f"supported {j}"]) for j in ("yes", "partly", "no", "unjudged"))
        print(f"  {group:12} {counts['elements']:4}   {best:22} any {counts['any']:4}   called supported {called}")


def report_verdicts(part: str, found: Sequence[Pair]) -> None:
    """How many elements are called supported, and supported or weak, by where they were looked for."""
    print(f"{part}: share called supported / supported or weak, by the best paragraph")
    for group in GROUPS:
        for kind, altered in (("own", ""), ("foreign", ""), ("altered", "number"), ("altered", "inserted")):
            scores = np.array([p.probability for p in found if (p.group, p.kind, p.altered) == (group, kind, altered)])
            if len(scores):
                print(f"  {group:12} {kind:8} {altered:9} {len(scores):6}   {(scores >= SUPPORTED).mean():.3f} / {(scores >= WEAK).mean():.3f}")


def report_calibration(part: str, found: Sequence[Pair]) -> None:
    """The expected calibration error over ten bins: the pairs weighed as for fitting, and those that were judged alone."""
    _, y, w, of = labelled(found)
    p = np.array([pair.probability for pair in of])
    known = judgements()
    judged = np.array([pair.kind == "own" and (pair.number, pair.label, pair.anchor) in known for pair in of])
    for name, chosen_rows, weights in (("all", np.full(len(p), True), w), ("own, judged", judged, w / np.maximum(w, 1e-9) * _shares(of, y))):
        print(f"{part}: calibration error, {name}: {calibration_error(p[chosen_rows], y[chosen_rows], weights[chosen_rows]):.3f}")
        bins = np.minimum((p * BINS).astype(int), BINS - 1)
        for b in range(BINS):
            mine = chosen_rows & (bins == b)
            if mine.any():
                said, was = np.average(p[mine], weights=weights[mine]), np.average(y[mine], weights=weights[mine])
                print(f"    {b / BINS:.1f}-  said {said:.2f}  was {was:.2f}  {mine.sum():6}")


def _shares(of: Sequence[Pair], y: Any) -> Any:
    """A pair judged `partly` stands there twice, each time with half its weight."""
    twice = Counter((p.number, p.label, p.anchor, p.kind) for p in of)
    return np.array([1 / twice[p.number, p.label, p.anchor, p.kind] for p in of])


def calibration_error(p: Any, y: Any, w: Any) -> float:
    bins = np.minimum((p * BINS).astype(int), BINS - 1)
    total = 0.0
    for b in set(bins.tolist()):
        mine = bins == b
        total += float(w[mine].sum() / w.sum() * abs(np.average(p[mine], weights=w[mine]) - np.average(y[mine], weights=w[mine])))
    return total


def report_speed() -> None:
    document = long_document()
    times = []
    for _ in range(5):
        start = time.perf_counter()
        elements = support(document)
        times.append(time.perf_counter() - start)
    words = sum(len(p.text.split()) for s in document.sections for p in s.paragraphs)
    size = f"{len(document.claims)} claims with {len(elements)} elements, {words:,} words"
    print(f"{size}: {statistics.median(times):.2f} s (first time {times[0]:.2f} s)")


def write_elements(path: Path, part: str, seed: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number, (_, document, element) in enumerate(sampled(part, seed), 1):
            file.write(f"{number}. {document.number} {element.label} {element.score:.2f}: {' '.join(element.text.split())}\n")
            for place in element.places:
                file.write(f"   {place.citation.anchor} {place.score:.2f}: {' '.join(place.citation.quote.split())}\n")


def write_pairs(path: Path, found: Sequence[Pair], count: int = 20) -> None:
    with path.open("w", encoding="utf-8") as file:
        for pair in sorted(found, key=lambda p: hashed(f"{p.number} {p.label} {p.anchor}"))[:count]:
            file.write(f"{pair.number} {pair.label} {pair.probability:.2f}: {' '.join(pair.text.split())}\n")
            file.write(f"   {pair.anchor}: {' '.join(pair.quote.split())}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", action="store_true", help="fit on the development part and print the weights, nothing else")
    parser.add_argument("--part", choices=tuple(PARTS), default="test")
    parser.add_argument("--seed", default=SEED, help="of the sample of elements")
    parser.add_argument("--read", type=Path, help="write the sampled elements with their places")
    parser.add_argument("--unsupported", type=Path, help="write 20 own elements that are called unsupported")
    parser.add_argument("--foreign", type=Path, help="write 20 elements that are called supported by another document")
    arguments = parser.parse_args()

    if arguments.fit:
        fit()
        return
    report_found(arguments.part, arguments.seed)
    found = pairs(arguments.part)
    report_verdicts(arguments.part, found)
    report_calibration(arguments.part, found)
    report_speed()
    if arguments.read:
        write_elements(arguments.read, arguments.part, arguments.seed)
    if arguments.unsupported:
        write_pairs(arguments.unsupported, [p for p in found if p.kind == "own" and p.probability < WEAK])
    if arguments.foreign:
        write_pairs(arguments.foreign, [p for p in found if p.kind == "foreign" and p.probability >= SUPPORTED])


if __name__ == "__main__":
    main()
