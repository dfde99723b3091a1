"""The bilingual dictionary: python benchmarks/bilingual.py learn|measure|speed

`learn` makes index/bilingual/*.json.gz from the titles of the IPC and the CPC in Chinese and English, weighted by how common the
English words are in the abstracts of us_ipc; two minutes. `measure` searches across languages and in Chinese with and without it:
the 186 different texts of cross_lingual, which nothing was learned from, in one language against those in the other, among the
Chinese abstracts of KPPatent-ZH or the US abstracts of us_ipc; and Chinese titles against the claims of KPPatent-ZH. `speed` is that
of one core.
"""

import argparse
import gzip
import json
import re
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from collection import DATA

from index.bilingual import coverage, gloss, translations
from index.bilingual.dictionary import PHRASES, TERMS, Language, phrases, write
from index.bilingual.learning import Pair, learn
from index.encoder import load_encoder
from index.terms import terms
from ingest import SchemeEntry
from ingest.schemes.cpc import read_cpc_scheme
from ingest.schemes.ipc import read_ipc_scheme
from ingest.schemes.scheme import Entries, Given
from ingest.schemes.title_list import read_title_list

CHINESE = "ipc/ipc_2026_zh.tsv.gz"
EDITIONS = ("20190101", "20210101", "20220101")
ENGLISH: list[tuple[str, Callable[[bytes, Given], Entries]]] = [
    ("cpc/CPCSchemeXML201908.zip", read_cpc_scheme),
    ("ipc/ipc_scheme_old_en.zip", read_ipc_scheme),
    *((f"ipc/titles/{edition}/labels_group_id_{group}.tsv", read_title_list) for edition in EDITIONS for group in (4, 6)),
]
_BRACES = re.compile(r"\s*\{[^{}]*\}")
Scores = np.ndarray[Any, Any]


# -- learning


def titles(name: str, reader: Callable[[bytes, Given], Entries]) -> dict[str, str]:
    given: Given = {}
    return {entry.symbol: entry.title for data in _files(DATA / name) for entry in reader(data, given) if isinstance(entry, SchemeEntry)}


def _files(path: Path) -> Iterator[bytes]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                yield archive.read(name)
    else:
        yield gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def parallel() -> Iterator[Pair]:
    """Each Chinese title with each different English title of its symbol; what the CPC adds to the IPC, in braces, left out."""
    english = [titles(*source) for source in ENGLISH]
    for symbol, chinese in titles(CHINESE, read_title_list).items():
        seen = {""}
        for edition in english:
            title = edition.get(symbol, "")
            while "{" in title and (shorter := _BRACES.sub("", title)) != title:
                title = shorter
            letters = re.sub("[^a-z]", "", title.lower())
            if letters not in seen:
                seen.add(letters)
                yield chinese, title


def rows(name: str) -> list[dict[str, Any]]:
    with gzip.open(DATA / name, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def learn_all() -> None:
    started = time.perf_counter()
    frequencies = Counter(word for text in american() for word in re.findall("[a-z]+", text.lower()))
    pairs = list(parallel())
    found, between = learn(pairs, frequencies)
    write(found, between)
    size = (PHRASES.stat().st_size + TERMS.stat().st_size) / 1e6
    entries = {language: sum(map(len, table.values())) for language, table in between.items()}
    print(f"{len(pairs):,} pairs, {len(found):,} phrases, terms { ({k: len(v) for k, v in between.items()}) }, translations {entries}, {size:.2f} MB")
    print(f"{time.perf_counter() - started:.0f} s")


# -- what is searched


def american() -> list[str]:
    return [f"{row.get('title', '')}|{row.get('abstract', '')}" for row in rows("us_ipc/documents.jsonl.gz")]


def chinese_documents() -> list[tuple[str, str, str]]:
    """Title, abstract and claims; of the training rows the abstract alone."""
    found = [("", re.sub("^摘要：", "", row["input"].strip()), "") for row in rows("kppatent_zh/train.jsonl.gz")]
    for row in rows("kppatent_zh/test.jsonl.gz"):
        match = re.fullmatch(r"标题：(.*?)\n摘要：(.*?)(?:\n权利声明：(.*))?", row["input"].strip(), re.DOTALL)
        assert match
        found.append((match[1], match[2], match[3] or ""))
    return found


# -- systems: queries (m) and documents (n) to scores (m, n)


class BM25:
    """k1 = 1.2, b = 0.75, with weighted query terms."""

    def __init__(self, documents: Sequence[str]) -> None:
        from scipy.sparse import csr_matrix

        counts = [Counter(terms(text)) for text in documents]
        self._numbers = {term: i for i, term in enumerate(sorted({term for each in counts for term in each}))}
        lengths = np.array([sum(each.values()) for each in counts])
        cells = [(row, self._numbers[term], count) for row, each in enumerate(counts) for term, count in each.items()]
        at, column, count = np.array(cells).T
        frequency = np.bincount(column)
        idf = np.log1p((len(documents) - frequency + 0.5) / (frequency + 0.5))
        data = idf[column] * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * lengths / lengths.mean())[at])
        self._scores = csr_matrix((data, (at, column)), shape=(len(documents), len(idf)))

    def search(self, weights: dict[str, float]) -> Scores:
        query = np.zeros(self._scores.shape[1])
        for term, weight in weights.items():
            if term in self._numbers:
                query[self._numbers[term]] = weight
        scores: Scores = self._scores @ query
        return scores


def as_written(query: str) -> dict[str, float]:
    return {term: float(count) for term, count in Counter(terms(query)).items()}


def translated(query: str, language: Language) -> dict[str, float]:
    """Each term's translations by their probability; Latin terms of a Chinese query, and numbers, stay what they are, too."""
    weights: defaultdict[str, float] = defaultdict(float)
    for term, count in Counter(terms(query)).items():
        known = translations(term, language)
        for other, share in known or [(term, 1.0)]:
            weights[other] += share * count**0.5
        if known and language == "zh" and term.isascii():
            weights[term] += count**0.5
    return dict(weights)


class Dense:
    """The default encoder; `reading` is what it is given in place of a Chinese text."""

    def __init__(self, cache: Path | None) -> None:
        self._encoder = load_encoder()
        self._cache = cache
        self._known: dict[str, Scores] = {}
        if cache and cache.exists():
            with np.load(cache, allow_pickle=False) as stored:
                self._known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))

    def encode(self, texts: Sequence[str]) -> Scores:
        missing = sorted(set(texts) - set(self._known))
        if missing:
            self._known.update(zip(missing, self._encoder.encode(missing), strict=True))
            if self._cache:
                np.savez(self._cache, texts=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))
        return np.stack([self._known[text] for text in texts])


def measures(scores: Scores, gold: Scores) -> tuple[float, float, float]:
    """hit@1, recall@10 and nDCG@10 with one relevant document a query, which stands in the middle of those with its score."""
    relevant = scores[np.arange(len(gold)), gold][:, None]
    ranks = (scores > relevant).sum(axis=1) + ((scores == relevant).sum(axis=1) - 1) / 2
    return float((ranks < 1).mean()), float((ranks < 10).mean()), float(np.where(ranks < 10, 1 / np.log2(ranks + 2), 0).mean())


def standard(scores: Scores) -> Scores:
    """Over the documents of each query: mean 0, deviation 1."""
    return (scores - scores.mean(axis=1, keepdims=True)) / np.maximum(scores.std(axis=1, keepdims=True), 1e-9)


def fused(*scores: Scores) -> Scores:
    return np.sum([standard(each) for each in scores], axis=0)


def show(name: str, system: str, scores: Scores, gold: Scores) -> None:
    print(f"{name:38}{system:26}" + "".join(f"{value:9.3f}" for value in measures(scores, gold)), flush=True)


def compare(name: str, queries: Sequence[str], documents: Sequence[str], languages: tuple[Language, Language], dense: Dense) -> None:
    gold = np.arange(len(queries))
    bm25 = BM25(documents)
    reads: dict[Language, Callable[[str], str]] = {"zh": gloss, "en": lambda text: text}
    words = np.stack([bm25.search(as_written(query)) for query in queries])
    raw = dense.encode(queries) @ dense.encode(documents).T
    read = dense.encode([reads[languages[0]](text) for text in queries]) @ dense.encode([reads[languages[1]](text) for text in documents]).T
    show(name, "BM25", words, gold)
    if languages[0] != languages[1]:
        words = np.stack([bm25.search(translated(query, languages[0])) for query in queries])
        show(name, "BM25, terms translated", words, gold)
    show(name, "encoder", raw, gold)
    show(name, "encoder on the gloss", read, gold)
    show(name, "BM25 + encoder", fused(np.stack([bm25.search(as_written(query)) for query in queries]), raw), gold)
    show(name, "both, with the dictionary", fused(words, read), gold)


def measure(cache: Path | None) -> None:
    dense = Dense(cache)
    texts = list({row["zh"]: (row["en"], row["zh"]) for row in rows("cross_lingual/triples.jsonl.gz")}.values())  # some rows repeat others
    english, chinese = ([pair[side] for pair in texts] for side in (0, 1))
    documents = chinese_documents()
    others = [f"{title}|{abstract}" if title else abstract for title, abstract, _ in documents]
    print(f"{'set':38}{'system':26}    hit@1     R@10  nDCG@10")
    for part, cut in (("title and abstract", str), ("title", lambda text: text.partition("|")[0])):
        compare(f"English {part} to Chinese", list(map(cut, english)), chinese + others, ("en", "zh"), dense)
        compare(f"Chinese {part} to English", list(map(cut, chinese)), english + american(), ("zh", "en"), dense)
    claimed = [(title, claims) for title, _, claims in documents if claims]
    compare("Chinese title to claims", [title for title, _ in claimed], [claims for _, claims in claimed], ("zh", "zh"), dense)


def speed() -> None:
    started = time.perf_counter()
    phrases()
    print(f"reading the phrases {(time.perf_counter() - started) * 1000:.0f} ms")
    started = time.perf_counter()
    translations("传感器", "zh")
    print(f"reading the terms {(time.perf_counter() - started) * 1000:.0f} ms")
    gloss("传感器")  # the segmenter reads its own dictionary
    texts = [abstract[:200] for _, abstract, _ in chinese_documents()]
    for name, function in (("gloss", gloss), ("coverage", coverage)):
        started = time.process_time()
        for text in texts:
            function(text)
        print(f"{name}: {len(texts) / (time.process_time() - started):,.0f} passages of {np.mean(list(map(len, texts))):.0f} characters a second")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("learn", "measure", "speed"))
    parser.add_argument("--cache", type=Path, help="an .npz file to keep vectors in")
    options = parser.parse_args()
    if options.what == "learn":
        learn_all()
    elif options.what == "measure":
        measure(options.cache)
    else:
        speed()


if __name__ == "__main__":
    main()
