"""The systems that are compared: each ranks what a set asks for.

bm25s       bm25s (Lucene's BM25, k1 1.5, b 0.75), English words stemmed by PyStemmer without stop words, Chinese words by rjieba. A document ranks as
            its best passage
bm25s-whole likewise, each document as one text; where documents are ranked, the better of the two on the development queries is reported as bm25s
dense       the default encoder alone: raw text, cut at its window, exact inner products; a document ranks as its best passage
fusion      plain reciprocal ranks of those two, K = 60
langchain   LangChain's usual pipeline: RecursiveCharacterTextSplitter (1,000 characters, 200 overlap), its FAISS store, similarity search; a document
            ranks as its best chunk, a chunk stands for the paragraphs that it overlaps by half. Its embeddings are the index's encoder, which has the
            weights of HuggingFaceEmbeddings' model and gives the same vectors in a quarter of the time
ours        `PatentIndex.search`, with late interaction, and `PatentIndex.search_documents`

bm25s, dense and fusion see the very passages that the index makes of a document.
"""

import shutil
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from retrieval_collection import Bm25, Collection, Keys, bodies, overlapped
from retrieval_metrics import DEPTH, Ranking
from retrieval_sets import RetrievalSet
from retrieval_vectors import VectorCache

from index import PatentIndex, SignatureError, load_encoder, patent_index

K = 60
DEEP = 1000
"""So far down two rankings are fused, and so many chunks are ranked by document."""
SEPARATOR = "\n\n"
Rank = Callable[[RetrievalSet, str], Ranking]


class Systems:
    """All systems over all sets. What is made of documents, and what was ranked, is kept for sets with the same collection."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self.encoder = VectorCache(work / "vectors", load_encoder())
        patent_index.load_encoder = lambda *_, **__: self.encoder  # so that ours encodes no text twice either
        self._collections: dict[str, Collection] = {}
        self._stores: dict[tuple[str, tuple[str, ...]], FAISS] = {}
        self._indexes: dict[str, PatentIndex] = {}
        self._ranked: dict[tuple[str, ...], Ranking] = {}
        self._ranks: dict[str, Rank] = {
            "bm25s": lambda s, query: self._by_score(s, self.collection(s).bm25, query),
            "bm25s-whole": self._whole,
            "dense": self._dense,
            "langchain": self._langchain,
            "ours": self._ours,
        }

    def rank(self, system: str, retrieval_set: RetrievalSet) -> dict[str, Ranking]:
        """By query id, the ranks, best first: at least 100 where there are as many."""
        texts = [q.text for q in retrieval_set.queries]
        keys = [(system, retrieval_set.collection, retrieval_set.unit, str(retrieval_set.where), t) for t in texts]
        missing = [(key, text) for key, text in zip(keys, texts, strict=True) if key not in self._ranked]
        if missing:
            if system in ("dense", "langchain"):
                self.encoder.encode(texts)  # all at once, and kept
            if system == "ours":
                self._index(retrieval_set)  # made here, and not by two threads
                self.collection(retrieval_set)
            with ThreadPoolExecutor(2 if system == "ours" else 1) as pool:
                found = pool.map(lambda each: self._ranks[system](retrieval_set, each[1]), missing)
                for count, ((key, _), ranking) in enumerate(zip(missing, found, strict=True), start=1):
                    self._ranked[key] = ranking
                    if count % 500 == 0:
                        print(f"  {retrieval_set.name}, {system}: {count} of {len(missing)} queries", file=sys.stderr)
        return {q.id: _labelled(self._ranked[key], retrieval_set) for q, key in zip(retrieval_set.queries, keys, strict=True)}

    def fuse(self, first: str, second: str, retrieval_set: RetrievalSet) -> dict[str, Ranking]:
        """Plain reciprocal ranks of two systems that were ranked."""
        found = {}
        for query in retrieval_set.queries:
            scores: dict[Keys, float] = {}
            for system in (first, second):
                key = (system, retrieval_set.collection, retrieval_set.unit, str(retrieval_set.where), query.text)
                for rank, item in enumerate(self._ranked[key], start=1):
                    scores[item] = scores.get(item, 0.0) + 1 / (K + rank)
            found[query.id] = _labelled(sorted(scores, key=lambda item: -scores[item]), retrieval_set)
        return found

    def collection(self, retrieval_set: RetrievalSet) -> Collection:
        name = retrieval_set.collection
        if name not in self._collections:
            print(f"  {name}: cutting {len(retrieval_set.documents):,} documents", file=sys.stderr)
            self._collections[name] = Collection(retrieval_set.documents, self.encoder)
        return self._collections[name]

    # -- BM25 and vectors over passages

    def _by_score(self, retrieval_set: RetrievalSet, bm25: Bm25, query: str) -> Ranking:
        return self._best(retrieval_set, bm25.scores(query), least=0.0)

    def _dense(self, retrieval_set: RetrievalSet, query: str) -> Ranking:
        return self._best(retrieval_set, self.collection(retrieval_set).vectors @ self.encoder.encode([query])[0], least=-np.inf)

    def _best(self, retrieval_set: RetrievalSet, scores: np.ndarray, least: float) -> Ranking:
        """The items with the best passages, of those whose best is above `least`."""
        collection = self.collection(retrieval_set)
        keys, starts = collection.items(retrieval_set)
        best = np.maximum.reduceat(np.where(collection.allowed(retrieval_set), scores, -np.inf), starts)
        return [keys[i] for i in np.argsort(-best, kind="stable")[:DEEP] if best[i] > least]

    def _whole(self, retrieval_set: RetrievalSet, query: str) -> Ranking:
        collection = self.collection(retrieval_set)
        keys, _ = collection.items(retrieval_set)
        scores = collection.bm25_whole.scores(query)
        return [keys[i] for i in np.argsort(-scores, kind="stable")[:DEEP] if scores[i] > 0]

    # -- LangChain

    def _langchain(self, retrieval_set: RetrievalSet, query: str) -> Ranking:
        found = [d.metadata for d in self._store(retrieval_set).similarity_search(query, k=DEEP)]
        if retrieval_set.unit == "passage":
            return [m["keys"] for m in found]
        return [(number,) for number in dict.fromkeys(m["number"] for m in found)]

    def _store(self, retrieval_set: RetrievalSet) -> FAISS:
        sections = retrieval_set.where.sections
        if (name := (retrieval_set.collection, sections)) not in self._stores:
            splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
            chunks: list[Document] = []
            for document in retrieval_set.documents:
                for body, parts in bodies(document).items():
                    if sections and body not in sections:
                        continue
                    text = SEPARATOR.join(t for _, t in parts)
                    for chunk in splitter.create_documents([text]):
                        start = chunk.metadata["start_index"]
                        keys = overlapped(parts, start, start + len(chunk.page_content), len(SEPARATOR))
                        chunks.append(Document(chunk.page_content, metadata={"number": document.number, "keys": keys}))
            print(f"  {retrieval_set.collection}: {len(chunks):,} chunks for LangChain", file=sys.stderr)
            texts = [c.page_content for c in chunks]
            pairs = list(zip(texts, self.encoder.encode(texts), strict=True))
            self._stores[name] = FAISS.from_embeddings(pairs, _LangChainEmbeddings(self.encoder), metadatas=[c.metadata for c in chunks])
        return self._stores[name]

    # -- ours

    def _ours(self, retrieval_set: RetrievalSet, query: str) -> Ranking:
        index = self._index(retrieval_set)
        if retrieval_set.unit == "document":
            k = 3 * DEPTH if retrieval_set.labels else DEPTH  # several documents stand for one label
            return [(hit.number,) for hit in index.search_documents(query, k, retrieval_set.where)]
        keys_at = self.collection(retrieval_set).keys_at
        return [keys_at(hit.anchor) for hit in index.search(query, DEPTH, retrieval_set.where, late=True)]

    def _index(self, retrieval_set: RetrievalSet) -> PatentIndex:
        """The index of the documents, made where it is not there as it would be made now. Its texts are encoded through the cache."""
        name = retrieval_set.collection
        if name not in self._indexes:
            folder = self._work / "indexes" / name
            try:
                index = PatentIndex(folder, create=True)
                there = index.status()["documents"]
                if there not in (0, len(retrieval_set.documents)):
                    index.close()
                    raise SignatureError(f"{there} documents")
            except SignatureError as error:
                print(f"  {name}: the index is made again: {error}", file=sys.stderr)
                shutil.rmtree(folder)
                index = PatentIndex(folder, create=True)
            added = index.add(retrieval_set.documents, lambda a: print(f"  {name}: {a.documents:,} documents indexed", file=sys.stderr))
            print(f"  {name}: {added.documents:,} documents indexed, {added.unchanged:,} were there", file=sys.stderr)
            self._indexes[name] = index
        return self._indexes[name]


class _LangChainEmbeddings(Embeddings):
    def __init__(self, encoder: VectorCache) -> None:
        self._encoder = encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [v.tolist() for v in self._encoder.encode(texts)]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def _labelled(ranking: Ranking, retrieval_set: RetrievalSet) -> Ranking:
    """The ranking of documents as one of their labels, where the set has them; ties of votes go to the label that came first."""
    if not retrieval_set.labels:
        return ranking
    labels = [label for (number,) in ranking if (label := retrieval_set.labels.get(number))]
    in_order = list(dict.fromkeys(labels))
    votes: Counter[str] = Counter(labels[: retrieval_set.votes])
    return [(label,) for label in sorted(in_order, key=lambda label: -votes[label])]
