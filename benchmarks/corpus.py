"""The corpus stage: throughput and memory at growing size, near duplicates found and wrongly taken, evaluation sets found, what the filters cost.

    python benchmarks/corpus.py [--sizes 1 4 16] [--workers 1] [--json FILE]

Copies of real documents have their words changed, so that they are no duplicates; memory is the peak of the process, each size in a process of its
own.
"""

import argparse
import gzip
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from collection import APPLICATIONS, DATA, GRANTS, keyphrase_documents

from finetune.corpus.cleaning import clean
from finetune.corpus.contamination import gathered
from finetune.corpus.duplicates import Bands, signature_of, similarity
from finetune.corpus.making import make
from finetune.corpus.quality import fault_of
from finetune.corpus.runs import runs_of, words_of
from finetune.corpus.settings import Contamination, CorpusSettings, Duplicates, Quality
from finetune.corpus.texts import texts_of
from finetune.running import StageContext
from ingest import PatentDocument, read

_WORD = re.compile(r"[A-Za-z]{3,}")
_NUMBER = re.compile(r"\d+")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(_run(given.one, given.workers)))
        return
    found = {"scale": scale(given.sizes, given.workers), "near duplicates": near_duplicates(), "evaluation sets": evaluation(), "filters": filters()}
    if given.json:
        given.json.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def scale(sizes: list[int], workers: int) -> list[dict[str, Any]]:
    """Characters a second and peak memory, each size a multiple of 150 grants."""
    documents = [d for d in read(DATA / GRANTS) if isinstance(d, PatentDocument)]
    rows = []
    print(f"{'size':>5} {'documents':>10} {'M characters':>13} {'s':>7} {'M characters/s':>15} {'peak MB':>8}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            with gzip.open(place / "documents.jsonl.gz", "wt", encoding="utf-8", compresslevel=1) as file:
                for copy in range(size):
                    file.writelines(_altered(d, copy).model_dump_json() + "\n" for d in documents)
            command = [sys.executable, __file__, "--one", folder, "--workers", str(workers)]
            row = {"size": size} | json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
        rows.append(row)
        speed = row["characters"] / row["seconds"] / 1e6
        print(f"{size:>5} {row['documents']:>10,} {row['characters'] / 1e6:>13.1f} {row['seconds']:>7.1f} {speed:>15.2f} {row['peak']:>8.0f}")
    return rows


def _altered(document: PatentDocument, copy: int) -> PatentDocument:
    """The document under another number, each word with another ending."""

    def other(text: str) -> str:
        return _WORD.sub(lambda m: m.group() + "abcdefghijklmnopqrstuvwxyz"[(copy + len(m.group())) % 26], text) if copy else text

    return document.model_copy(
        update={
            "number": f"{document.number}X{copy}",
            "titles": {k: other(t) for k, t in document.titles.items()},
            "abstracts": {k: other(t) for k, t in document.abstracts.items()},
            "claims": tuple(c.model_copy(update={"text": other(c.text)}) for c in document.claims),
            "sections": tuple(
                s.model_copy(update={"paragraphs": tuple(p.model_copy(update={"text": other(p.text)}) for p in s.paragraphs)})
                for s in document.sections
            ),
        }
    )


def _run(folder: Path, workers: int) -> dict[str, Any]:
    out = folder / "out"
    out.mkdir()
    quality = {"odd_words": 1.0}  # the altered words are odd
    settings = CorpusSettings.model_validate({
        "kind": "corpus", "workers": workers, "quality": quality,
        "sources": [{"name": "grants", "paths": [folder / "documents.jsonl.gz"], "languages": ["en", "de", "fr", "es", "it", "pt", "nl"]}],
        "against": [DATA / "us_applications/paper_queries.jsonl.gz"],
    })  # fmt: skip
    started = time.perf_counter()
    report = make(settings, StageContext("corpus", out, folder, tell=lambda line: None))
    seconds = time.perf_counter() - started
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    kept = {name: report[name] for name in ("documents", "characters", "held_out", "removed")}
    return kept | {"seconds": seconds, "peak": peak}


def _texts() -> dict[str, list[tuple[str, str]]]:
    """(language, text) of distinct documents: whole patents, and abstracts."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for document in [*read([DATA / GRANTS]), *read([DATA / APPLICATIONS])]:
        if isinstance(document, PatentDocument) and document.abstract:
            found["English patents"].append(("en", clean(next(texts_of(document))[1]).text))
            found["English abstracts"].append(("en", document.abstract))
    for document in keyphrase_documents():
        found["Chinese patents"].append(("zh", clean(next(texts_of(document))[1]).text))
        found["Chinese abstracts"].append(("zh", document.abstract))
    return found


def near_duplicates() -> list[dict[str, Any]]:
    """Of made near duplicates, the share that is found; of distinct documents, the share that is taken for one; by threshold."""
    ways: dict[str, Callable[[str, random.Random], str]] = {
        "numbers altered": lambda text, chance: _NUMBER.sub(lambda m: str(chance.randrange(1000)), text),
        "1 % of words": lambda text, chance: _words_changed(text, chance, 0.01),
        "3 % of words": lambda text, chance: _words_changed(text, chance, 0.03),
        "10 % of words": lambda text, chance: _words_changed(text, chance, 0.1),
        "last fifth cut": lambda text, chance: text[: len(text) * 4 // 5],
    }
    rows = []
    print(f"\n{'texts':<20} {'change':<16} {'true J':>7} " + " ".join(f"found at {t}" for t in (0.8, 0.6, 0.4)))
    for name, texts in _texts().items():
        some = texts[:150]
        for way, change in ways.items():
            chance = random.Random(1)
            pairs = [(language, text, change(text, chance)) for language, text in some]
            true = float(np.mean([_jaccard(*pair) for pair in pairs]))
            shares = {t: float(np.mean([_found(*pair, t) for pair in pairs])) for t in (0.8, 0.6, 0.4)}
            rows.append({"texts": name, "change": way, "jaccard": true, "found": shares})
            print(f"{name:<20} {way:<16} {true:>7.2f} " + " ".join(f"{s:>11.1%}" for s in shares.values()))
        taken = {t: _taken(some, t) for t in (0.8, 0.6, 0.4)}
        rows.append({"texts": name, "change": "none: distinct documents", "found": taken})
        print(f"{name:<20} {'distinct, taken':<16} {'':>7} " + " ".join(f"{s:>11.1%}" for s in taken.values()))
    return rows


def _words_changed(text: str, chance: random.Random, share: float) -> str:
    if re.search("[\u4e00-\u9fff]", text):
        return "".join(chr(chance.randrange(0x4E00, 0x9000)) if "\u4e00" <= c <= "\u9fff" and chance.random() < share else c for c in text)
    return _WORD.sub(lambda m: f"other{chance.randrange(10_000)}" if chance.random() < share else m.group(), text)


def _jaccard(language: str, one: str, other: str) -> float:
    sets = [set(runs_of(words_of(t), 8 if language == "zh" else 5).tolist()) for t in (one, other)]
    return len(sets[0] & sets[1]) / max(1, len(sets[0] | sets[1]))


def _found(language: str, one: str, other: str, threshold: float) -> bool:
    settings = Duplicates(jaccard=threshold)
    bands = Bands(settings)
    signatures = [signature_of(words_of(t), language, settings) for t in (one, other)]
    return bool(set(bands.of(signatures[0])) & set(bands.of(signatures[1]))) and similarity(*signatures) >= threshold


def _taken(texts: list[tuple[str, str]], threshold: float) -> float:
    settings = Duplicates(jaccard=threshold)
    bands, seen = Bands(settings), defaultdict[int, list[Any]](list)
    taken = 0
    for language, text in texts:
        signature = signature_of(words_of(text), language, settings)
        own = bands.of(signature)
        if any(similarity(signature, other) >= threshold for band in own for other in seen[band]):
            taken += 1
            continue
        for band in own:
            seen[band].append(signature)
    return taken / len(texts)


def evaluation() -> dict[str, Any]:
    """Half of the documents' abstracts are an evaluation set: how many of those documents are found, and how many of the others; a line that
    stands in over `common` of them is a phrase."""
    settings = Contamination()
    found: dict[str, Any] = {}
    print(f"\n{'whole documents':<20} {'of the set, found':>18} {'others, taken':>14} {'M runs/s':>9}")
    for language, documents in (("en", list(_documents())), ("zh", list(keyphrase_documents()))):
        asked, others = documents[::2], documents[1::2]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "set.jsonl"
            path.write_text("".join(json.dumps({"abstract": d.abstract}, ensure_ascii=False) + "\n" for d in asked), encoding="utf-8")
            against = gathered([path], settings, Path(folder) / "runs")
            started, runs = time.perf_counter(), 0
            hits: list[list[int]] = []
            for document in (*asked, *others):
                words = words_of(clean(next(texts_of(document))[1]).text)
                runs += len(words)
                hits.append([line for line, _ in against.held(words, language, settings)])
            seconds = time.perf_counter() - started
        lines = Counter(line for each in hits for line in each)
        kept = [any(lines[line] <= settings.common for line in each) for each in hits]
        row = {"found": float(np.mean(kept[: len(asked)])), "taken": float(np.mean(kept[len(asked) :])), "documents": len(documents)}
        row |= {"lines": against.found[0], "runs a second": runs / seconds}
        found[language] = row
        print(f"{language:<20} {row['found']:>18.1%} {row['taken']:>14.1%} {runs / seconds / 1e6:>9.2f}")
    return found


def _documents() -> Iterator[PatentDocument]:
    yield from (d for d in read([DATA / GRANTS, DATA / APPLICATIONS]) if isinstance(d, PatentDocument) and d.abstract)


def filters() -> dict[str, dict[str, int]]:
    """Real documents, all of them worth keeping but for a few: what each filter takes."""
    found: dict[str, dict[str, int]] = {}
    quality = Quality()
    for name, paths in (("grants", [GRANTS]), ("applications", ["us_applications"]), ("epo, cnipa", ["epo", "cnipa"]), ("scans", ["pdf/classic"])):
        reasons: Counter[str] = Counter()
        for document in read([DATA / p for p in paths]):
            if isinstance(document, PatentDocument):
                for language, text in texts_of(document):
                    if language in ("en", "zh"):
                        cleaned = clean(text)
                        reasons[fault_of(cleaned, words_of(cleaned.text), language, quality)[0] or "kept"] += 1
        found[name] = dict(reasons.most_common())
    chemical = DATA / "cn_chem_ner/train.jsonl.gz"
    with gzip.open(chemical, "rt", encoding="utf-8") as lines:
        texts = [clean(json.loads(line)["text"]) for line in lines]
    found["Chinese chemistry"] = dict(Counter(fault_of(t, words_of(t.text), "zh", quality)[0] or "kept" for t in texts).most_common())
    print()
    for name, counts in found.items():
        print(f"{name:<20} {', '.join(f'{reason} {count:,}' for reason, count in counts.items())}")
    return found


if __name__ == "__main__":
    main()
