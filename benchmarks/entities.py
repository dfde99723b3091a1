"""Make and measure the entity taggers: python benchmarks/entities.py choose|test|make en|zh [--set NAME=VALUE …]

en: the abstracts of TFH, of which every fourth (by a hash; abstracts that share most of their words go together) is a test abstract. zh: cnChemNER,
400 texts for development and the 50 of its own validation part as test.
choose: cross-validation on the development part, with the settings of `assistant/entities/learning.py` or those that are given.
test: learned on the development part, measured on the test part: exact span and type, micro; 95 % intervals by drawing test documents again; beside
it a dictionary of the development part's entities (longest match first; `sure`: only those that are right in half of their places there).
make: saved where the project keeps it: en learned on all abstracts (the figures of `test` are those of the same tagger without the test part), zh on
the development part, so that it is the one that `test` measures.
"""

import argparse
import gzip
import hashlib
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from collection import DATA

from assistant.entities import AnnotatedText, Entity, EntityTagger, span_scores
from assistant.entities import tagger as tagger_module
from assistant.entities.learning import Settings
from assistant.entities.scores import Scores
from assistant.entities.tokens import pieces

FOLDS = 5
DRAWS = 2000
LONGEST = 40
CATEGORIES = (
    "无机物 无机基团 无机基本粒子 无机离子 无机原子 无机分子 无机化合物 无机酸 无机碱 无机盐 无机氧化物 无机其他化合物 无机单质 无机金属单质 "
    "无机非金属单质 无机稀有气体 有机物 有机基团 有机基本粒子 有机离子 有机原子 有机分子 有机化合物 含杂氢化物 杂环 杂元素 烃 烷烃 烯烃 炔烃 芳香烃 "
    "蕃 熳 烃衍生物 卤代烃 酞 胺 醇 酚 醚 砜 醛 酮 醌 肟 腙 脲 有机酸 有机盐 酯 内酯 酰卤 酸酐 酰胺 腈 肼 有机金属化合物 生物碱 萜 甾体 糖 氨基酸 "
    "肽 核苷 核苷酸 脂类 有机衍生物 膦 胂 有机硝基化合物 有机氮化合物 有机卤化物 酶 混合物 脂 类脂 蛋白质 类别名"
).split()
"""Of cnChemNER, by the numbers of its labels, from 1 (its cate2id.txt)."""


def rows(path: str) -> Iterable[dict]:
    with gzip.open(DATA / path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def english() -> tuple[list[AnnotatedText], list[AnnotatedText], list[str]]:
    """Development and test abstracts, and the group of each development abstract."""
    found = list(rows("tfh/abstracts.jsonl.gz"))
    groups = alike([row["text"] for row in found], [row["id"] for row in found])
    differ = sum(row["text"][e["start"] : e["end"]] != e["text"] for row in found for e in row["entities"])
    print(
        f"tfh: {len(found)} abstracts in {len(set(groups))} groups; {differ} entities whose text differs from that at their place (the place counts)"
    )
    texts = [
        AnnotatedText(row["text"], tuple(Entity(row["text"][e["start"] : e["end"]], e["type"], e["start"], e["end"]) for e in row["entities"]))
        for row in found
    ]
    test = [part(group, 4) == 0 for group in groups]
    return (
        [text for text, held in zip(texts, test, strict=True) if not held],
        [text for text, held in zip(texts, test, strict=True) if held],
        [group for group, held in zip(groups, test, strict=True) if not held],
    )


def chinese() -> tuple[list[AnnotatedText], list[AnnotatedText], list[str]]:
    read = []
    for name in ("train", "valid"):
        texts, groups, differ = [], [], 0
        for row in rows(f"cn_chem_ner/{name}.jsonl.gz"):
            text = row["text"]
            places = [(e["startOffset"], e["endOffset"], CATEGORIES[int(e["label"]) - 1]) for e in row["entities"]]
            differ += sum(text[e["startOffset"] : e["endOffset"]] != e["text"] for e in row["entities"])
            texts.append(AnnotatedText(text, tuple(Entity(text[a:b], kind, a, b) for a, b, kind in places)))
            groups.append(str(row["id"]))
        print(f"cnChemNER {name}: {len(texts)} texts; {differ} entities whose text differs from that at their place (the place counts)")
        read.append((texts, alike([t.text for t in texts], groups)))
    return read[0][0], read[1][0], read[0][1]


def alike(texts: Sequence[str], ids: Sequence[str]) -> list[str]:
    """For each text the least id of those that share more than half of their runs of four words (or twelve characters) with it, or with one such."""
    runs = []
    for text in texts:
        words = text.lower().split()
        runs.append({" ".join(words[i : i + 4]) for i in range(len(words))} if text.isascii() else {text[i : i + 12] for i in range(0, len(text), 1)})
    of = list(range(len(texts)))
    where: dict[str, list[int]] = defaultdict(list)
    for i, some in enumerate(runs):
        shared: Counter[int] = Counter()
        for run in some:
            shared.update(where[run])
            where[run].append(i)
        for j, n in shared.items():
            if n > min(len(some), len(runs[j])) / 2:
                of = [of[j] if each == of[i] else each for each in of]
    least = {group: min(ids[i] for i, g in enumerate(of) if g == group) for group in set(of)}
    return [least[group] for group in of]


def part(key: str, parts: int) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest()) % parts


def dictionary(documents: Sequence[AnnotatedText], sure: bool) -> Callable[[str], list[Entity]]:
    """Finds what was annotated in these documents, with its most frequent type."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for document in documents:
        for entity in document.entities:
            kinds[entity.text.lower()][entity.type] += 1
    known = {words: counts.most_common(1)[0][0] for words, counts in kinds.items()}
    longest: dict[str, int] = defaultdict(int)
    for words in known:
        longest[words[0]] = max(longest[words[0]], len(words))

    def find(text: str) -> list[Entity]:
        found = []
        for piece in pieces(text):
            at = 0
            while at < len(piece):
                start = piece[at][0]
                most = start + longest.get(text[start].lower(), 0)
                for last in range(min(len(piece), at + LONGEST) - 1, at - 1, -1):
                    end = piece[last][1]
                    if end > most:
                        continue
                    kind = known.get(text[start:end].lower())
                    if kind:
                        found.append(Entity(text[start:end], kind, start, end))
                        at = last
                        break
                at += 1
        return found

    if sure:
        places: Counter[str] = Counter()
        right: Counter[str] = Counter()
        for document in documents:
            gold = {(e.start, e.end) for e in document.entities}
            for entity in find(document.text):
                places[entity.text.lower()] += 1
                right[entity.text.lower()] += (entity.start, entity.end) in gold
        for words, n in places.items():
            if right[words] * 2 < n:
                del known[words]
    return find


def interval(predicted: Sequence[Sequence[Entity]], gold: Sequence[Sequence[Entity]]) -> tuple[float, float]:
    """The middle 95 % of F1 over documents drawn with replacement."""
    each = [span_scores([p], [g]) for p, g in zip(predicted, gold, strict=True)]
    counts = np.array([(s.right, s.predicted, s.gold) for s in each])
    drawn = counts[np.random.default_rng(0).integers(len(each), size=(DRAWS, len(each)))].sum(axis=1)
    low, high = np.percentile(2 * drawn[:, 0] / (drawn[:, 1] + drawn[:, 2]), (2.5, 97.5))
    return float(low), float(high)


def line(name: str, scores: Scores, more: str = "") -> str:
    return f"| {name} | {scores.precision:.3f} | {scores.recall:.3f} | {scores.f1:.3f} | {more}"


def learned(documents: Sequence[AnnotatedText], changed: dict[str, float | int]) -> EntityTagger:
    started = time.perf_counter()
    settings = replace(Settings.suited(sum(len(pieces(d.text)) for d in documents)), **changed)  # type: ignore[arg-type]
    bar = (lambda step, steps: print(f"\r{step}/{steps}", end="", file=sys.stderr)) if sys.stderr.isatty() else None
    tagger = EntityTagger.train(documents, settings, bar)
    print(f"learned {len(documents)} texts in {time.perf_counter() - started:.0f} s; {settings}; left out: {dict(tagger.left_out)}", flush=True)
    return tagger


def choose(language: str, changed: dict[str, float | int], folds: int) -> None:
    documents, _, groups = english() if language == "en" else chinese()
    total = Scores(0, 0, 0)
    for fold in range(folds):
        rest = [d for d, group in zip(documents, groups, strict=True) if part("fold " + group, FOLDS) != fold]
        held = [d for d, group in zip(documents, groups, strict=True) if part("fold " + group, FOLDS) == fold]
        tagger = learned(rest, changed)
        scores = span_scores([tagger.tag(d.text) for d in held], [d.entities for d in held])
        print(line(f"fold {fold}", scores), flush=True)
        total += scores
    print(line("all", total))


def test(language: str, changed: dict[str, float | int], keep: Path | None) -> None:
    documents, held, _ = english() if language == "en" else chinese()
    gold = [d.entities for d in held]
    if keep and keep.exists():
        tagger = EntityTagger.load_from(keep)
    else:
        tagger = learned(documents, changed)
        if keep:
            tagger.save(keep)
    started = time.perf_counter()
    found = [tagger.tag(d.text) for d in held]
    seconds = time.perf_counter() - started
    print(f"tagged {sum(len(d.text) for d in held):,} characters in {seconds:.1f} s")
    print("| | precision | recall | F1 | 95 % |\n|---|---|---|---|---|")
    every, sure_ones = dictionary(documents, sure=False), dictionary(documents, sure=True)
    systems = {"dictionary": [every(d.text) for d in held], "dictionary, sure": [sure_ones(d.text) for d in held], "tagger": found}
    for name, predicted in systems.items():
        low, high = interval(predicted, gold)
        print(line(name, span_scores(predicted, gold), f"{low:.3f}-{high:.3f} |"))
    one = [[replace(e, type="") for e in each] for each in found], [[replace(e, type="") for e in each] for each in gold]
    print(line("tagger, spans without type", span_scores(*one)))
    print("\n| type | precision | recall | F1 | entities |\n|---|---|---|---|---|")
    for kind, n in Counter(e.type for each in gold for e in each).most_common():
        own = [[e for e in each if e.type == kind] for each in found], [[e for e in each if e.type == kind] for each in gold]
        print(line(kind, span_scores(*own), f"{n} |"))
    sure = np.array([e.probability for each in found for e in each])
    right = np.array([(e.start, e.end, e.type) in {(g.start, g.end, g.type) for g in of} for each, of in zip(found, gold, strict=True) for e in each])
    print("\n| probability | entities | mean | right |\n|---|---|---|---|")
    for low in np.arange(0, 1, 0.2):
        some = (sure >= low) & (sure < low + 0.2 + (low > 0.7))
        if some.any():
            print(f"| {low:.1f}-{low + 0.2:.1f} | {some.sum()} | {sure[some].mean():.2f} | {right[some].mean():.2f} |")


def make(language: str, changed: dict[str, float | int]) -> None:
    documents, held, _ = english() if language == "en" else chinese()
    path = Path(tagger_module.__file__).with_name(f"{language}.safetensors")
    learned([*documents, *held] if language == "en" else documents, changed).save(path)
    print(f"{path}: {path.stat().st_size:,} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("do", choices=("choose", "test", "make"))
    parser.add_argument("language", choices=("en", "zh"))
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="settings other than the usual ones")
    parser.add_argument("--folds", type=int, default=FOLDS, help="how many of the five folds to measure")
    parser.add_argument("--keep", type=Path, help="save the tagger of `test` here, or measure the one that is there")
    options = parser.parse_args()
    changed = {name: json.loads(value) for name, value in (each.split("=") for each in options.set)}
    if options.do == "choose":
        choose(options.language, changed, options.folds)
    elif options.do == "test":
        test(options.language, changed, options.keep)
    else:
        make(options.language, changed)


if __name__ == "__main__":
    main()
