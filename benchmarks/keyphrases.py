"""Keyphrases of KPPatent-ZH beside those of its peers: python benchmarks/keyphrases.py [--train | --develop FILE]

Prints, for the 342 test rows, the exact match F1 of at most ten and of at most five keyphrases as the mean over the rows, with its interval of
95 % by bootstrap over the rows, and precision and recall: of the model that comes with the program, of the same with the abstract alone, and of
the best peers of each kind from the predictions in the data. A prediction counts to its tenth distinct phrase; precision is over what was given.

`--train` fits the model that comes with the program to the 3,024 training rows, and writes it.
`--develop` shows what can be chosen without the test rows: fits a model to the training rows of eight of ten folds, keeps it
in FILE, and asks it for the rest.
"""

import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import rjieba
from collection import DATA
from retrieval_sets import us_patents

from assistant.keyphrases import model as shipped
from assistant.keyphrases.model import KeyphraseModel
from assistant.keyphrases.training import Row, fold_of, train
from assistant.keyphrases.vectors import Vectors, company
from index.terms import terms

FOLDER = DATA / "kppatent_zh"
ENGLISH_LEAST = 10
PARTS = re.compile(r"标题：(.*?)\n摘要：(.*?)(?:\n权利声明：(.*))?", re.DOTALL)
KINDS = {
    "LoRA-tuned": r"prediction_test_.*_lora_",
    "the same models untuned": r"prediction_test_.*_base_",
    "TF-IDF": r".*_uke_log\.tf_idf",
    "graphs and statistics": r".*_uke_log\.(topic|multipartite|position|single|text)_rank|.*yake",
    "KeyBERT": r".*keyBert",
    "large models asked to extract": r".*_uke_log\.keyLLM",
    "large models asked to generate": r".*_ukg_log\.keyLLM",
}


def lines(path: Path) -> Iterator[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def keywords(row: dict) -> list[str]:
    return list(dict.fromkeys(key.strip() for key in re.split("[,，]", row["output"]) if key.strip()))


def training_rows() -> list[Row]:
    return [(re.sub("^摘要：", "", row["input"].strip()), keywords(row)) for row in lines(FOLDER / "train.jsonl.gz")]


def scores(given: Sequence[Sequence[str]], gold: Sequence[Sequence[str]], k: int) -> np.ndarray:
    """(rows, 3): F1, precision and recall of the first `k` distinct phrases."""
    found = np.zeros((len(gold), 3))
    for row, (phrases, wanted) in enumerate(zip(given, gold, strict=True)):
        first = list(dict.fromkeys(phrases))[:k]
        if hits := len(set(first) & set(wanted)):
            precision, recall = hits / len(first), hits / len(set(wanted))
            found[row] = 2 * precision * recall / (precision + recall), precision, recall
    return found


def report(name: str, given: Sequence[Sequence[str]], gold: Sequence[Sequence[str]]) -> None:
    ten, five = scores(given, gold, 10), scores(given, gold, 5)
    chance = np.random.default_rng(0).integers(0, len(gold), (10_000, len(gold)))
    low, high = np.quantile(ten[chance, 0].mean(axis=1), (0.025, 0.975))
    f1, precision, recall = ten.mean(axis=0)
    many = np.mean([min(10, len(set(phrases))) for phrases in given])
    print(
        f"{name:58} F1@10 {f1:.3f} ({low:.3f} to {high:.3f})   F1@5 {five[:, 0].mean():.3f}"
        f"   precision {precision:.3f}   recall {recall:.3f}   given {many:.1f}",
        flush=True,
    )


def material() -> tuple[Counter[str], Vectors]:
    """How many Chinese IPC titles have each word, and the vectors of words by their company in titles, training abstracts and cnChemNER."""
    with gzip.open(DATA / "ipc" / "ipc_2026_zh.tsv.gz", "rt", encoding="utf-8") as stream:
        titles = dict(line.rstrip("\n").replace(" ", "").split("\t") for line in stream)
    rare: Counter[str] = Counter()
    texts = []
    for symbol, title in titles.items():
        rare.update(set(rjieba.cut_for_search(title)))
        above = symbol[:4] if symbol.endswith("/00") or "/" not in symbol else symbol.split("/")[0] + "/00"
        texts.append(f"{title}。{titles.get(above, '') if above != symbol else ''}")
    chemistry = (sentence for row in lines(DATA / "cn_chem_ner" / "train.jsonl.gz") for sentence in re.split("[。；\n]", row["text"]))
    return rare, company([*texts, *chemistry, *(text for text, _ in training_rows())])


def fitted(rows: Sequence[Row]) -> KeyphraseModel:
    english: Counter[str] = Counter()
    patents = 0
    for patent in us_patents():
        patents += 1
        english.update(set(terms(f"{patent.titles.get('en', '')} {patent.abstracts.get('en', '')}")))
    started = time.monotonic()
    common = {stem: count for stem, count in english.items() if count >= ENGLISH_LEAST and stem.isalpha()}
    model = train(rows, *material(), common, patents, progress=print)
    print(f"fitted in {time.monotonic() - started:.0f} s")
    return model


def develop() -> None:
    rows = training_rows()
    model = fitted([row for row in rows if fold_of(row[0]) >= 2])
    held = [row for row in rows if fold_of(row[0]) < 2]
    model.save(Path(sys.argv[2]))
    given = [[phrase.text for phrase in model.extract("", text, "", language="zh")] for text, _ in held]
    report(f"{len(held)} training rows left out", given, [keys for _, keys in held])


def compare() -> None:
    model = KeyphraseModel.load()
    rows = list(lines(FOLDER / "test.jsonl.gz"))
    gold = {row["row"]: keywords(row) for row in rows}
    whole, abstracts, seconds = [], [], []
    for row in rows:
        title, abstract, claims = PARTS.fullmatch(row["input"].strip()).groups(default="")
        started = time.monotonic()
        whole.append([p.text for p in model.extract(title, abstract, claims, language="zh")])
        seconds.append(time.monotonic() - started)
        abstracts.append([p.text for p in model.extract("", abstract, "", language="zh")])
    report("assistant.keyphrases: title, abstract, claims", whole, list(gold.values()))
    report("assistant.keyphrases: abstract alone", abstracts, list(gold.values()))
    peers: dict[str, list[tuple[float, str, list[list[str]]]]] = {kind: [] for kind in KINDS}
    for path in sorted((FOLDER / "predictions").glob("*.jsonl.gz")):
        predicted = {row["row"]: row["predicted_keywords"] for row in lines(path)}
        given = [predicted[row] for row in gold]
        kind = next(kind for kind, pattern in KINDS.items() if re.match(pattern, path.name))
        peers[kind].append((float(scores(given, list(gold.values()), 10)[:, 0].mean()), path.name, given))
    for kind, found in peers.items():
        _, name, given = max(found)
        report(f"best of {len(found)} {kind}: {re.sub('prediction_test_|_keywords|.jsonl.gz|_log', '', name)}", given, list(gold.values()))
    print(f"{len(seconds)} documents: {1000 * np.median(seconds):.0f} ms each, the slowest {1000 * max(seconds):.0f} ms")


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            compare()
        case ["--train"]:
            fitted(training_rows()).save(shipped.SHIPPED)
        case ["--develop", _]:
            develop()
        case _:
            sys.exit(__doc__)
