"""Encoding speed, and ingest beside it: python benchmarks/encoding.py [--texts 2000] [--documents 60] [--rounds 3]

The texts that are embedded for passages of US applications, by sentence-transformers' default (torch float32, batches of 32) and by the
default encoder with each backend, on two threads, in turns in one process: passages and tokens a second, the ratio, the cosine to the
default's vectors, and how many of the ten nearest of each text are the same. Then from files to searchable: documents of which
none was encoded before go through `PatentIndex.add`, beside encoding the same texts alone, in turns; processor seconds too,
since they hold where other programs run.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from collection import APPLICATIONS, DATA

from index import Encoder, PatentIndex, load_encoder
from index.encoder.source import DEFAULT_ENCODER, model_folder
from index.writing import embedded_text
from ingest import PatentDocument, cut, read

THREADS = 2


def documents(count: int) -> Iterator[PatentDocument]:
    return islice((d for d in read([DATA / APPLICATIONS]) if isinstance(d, PatentDocument)), count)


def embedded(some: Iterator[PatentDocument], encoder: Encoder) -> list[str]:
    """The different texts that are embedded for the passages of documents."""
    readable = encoder.info.languages
    return list(dict.fromkeys(embedded_text(p, d, readable) for d in some for p in cut(d, encoder.count_tokens, encoder.room)))


def timed(work: Callable[[], np.ndarray]) -> tuple[float, float, np.ndarray]:
    """Seconds by the clock, seconds of the processor, result."""
    clock, processor = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - clock, time.process_time() - processor, result


def overlap(first: np.ndarray, second: np.ndarray, k: int = 10) -> float:
    """The share of the k nearest other texts of each text that both have."""

    def nearest(vectors: np.ndarray) -> np.ndarray:
        likeness = vectors @ vectors.T
        np.fill_diagonal(likeness, -1)
        return np.argpartition(-likeness, k, axis=1)[:, :k]

    return float(np.mean([len(set(a) & set(b)) / k for a, b in zip(nearest(first), nearest(second), strict=True)]))


def encoding(texts: list[str], rounds: int) -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(THREADS)
    reference = SentenceTransformer(str(model_folder(DEFAULT_ENCODER)), device="cpu", local_files_only=True)
    encoders = {name: load_encoder(backend=name) for name in ("openvino", "torch")}
    ways: dict[str, Callable[[list[str]], np.ndarray]] = {"default": lambda t: reference.encode(t, batch_size=32, normalize_embeddings=True)}
    ways |= {name: encoder.encode for name, encoder in encoders.items()}
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    vectors: dict[str, np.ndarray] = {}
    for way in ways.values():
        way(texts[:64])
    for _ in range(rounds):
        for name, way in ways.items():
            clock, processor, vectors[name] = timed(lambda way=way: way(texts))  # type: ignore[misc]
            runs[name].append((clock, processor))
    window = encoders["openvino"].info.window
    counts = [min(c + 2, window) for c in encoders["openvino"].count_tokens(texts)]
    print(f"{len(texts):,} texts, {np.mean(counts):.0f} tokens each, {THREADS} threads, medians of {rounds}")
    print(f"{'':28}{'texts/s':>9}{'tokens/s':>10}{'ratio':>7}{'cpu ratio':>11}{'cosine':>9}{'worst':>8}{'top 10':>8}")
    for name, measured in runs.items():
        seconds = statistics.median(c for c, _ in measured)
        ratios = [[b[i] / m[i] for b, m in zip(runs["default"], measured, strict=True)] for i in (0, 1)]
        label = "sentence-transformers" if name == "default" else f"{name}, {encoders[name].backend.choice.precision}"
        cosines = (vectors[name] * vectors["default"]).sum(axis=1) / np.linalg.norm(vectors[name], axis=1)
        print(
            f"{label:28}{len(texts) / seconds:>9.1f}{sum(counts) / seconds:>10,.0f}{statistics.median(ratios[0]):>7.2f}"
            f"{statistics.median(ratios[1]):>11.2f}{np.median(cosines):>9.5f}{cosines.min():>8.4f}"
            f"{overlap(vectors[name], vectors['default']):>8.3f}"
        )


def ingest(count: int, rounds: int) -> None:
    encoder = load_encoder()
    texts = embedded(documents(count), encoder)
    encoder.encode(texts[:64])
    shares = []
    for _ in range(rounds):
        alone, alone_processor, _ = timed(lambda: encoder.encode(texts))
        with tempfile.TemporaryDirectory() as folder, PatentIndex(Path(folder) / "index", create=True) as index:
            index.encoder.encode(["warm"])

            def whole(index: PatentIndex = index) -> np.ndarray:
                added = index.add(documents(count))
                assert index.search("ready?", 1)
                return np.array([added.encoded])

            seconds, processor, encoded = timed(whole)
            assert encoded[0] == len(texts), (encoded, len(texts))
        shares.append((alone / seconds, alone_processor / processor))
        print(
            f"{count} documents, {len(texts):,} texts: encoder alone {len(texts) / alone:.1f} texts/s, "
            f"files to searchable {len(texts) / seconds:.1f}: {alone / seconds:.1%} (processor {alone_processor / processor:.1%})"
        )
    clock, processor = (statistics.median(s[i] for s in shares) for i in (0, 1))
    print(f"median: {clock:.1%} of the encoder's own rate; {processor:.1%} of the processor time is the encoder's")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["encoding", "ingest"])
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(THREADS)  # read by the encoder when it is loaded
    if options.only != "ingest":
        texts = embedded(documents(options.documents), load_encoder())
        order = np.random.default_rng(0).permutation(len(texts))[: options.texts]
        encoding([texts[i] for i in order], options.rounds)
    if options.only != "encoding":
        ingest(options.documents, options.rounds)


if __name__ == "__main__":
    main()
