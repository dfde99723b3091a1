"""The lexical side: BM25 over the terms of passages, or of whole documents, by tantivy. Derived from the catalogue, and rebuilt from it.

Scores are BM25 (k1 = 1.2, b = 0.75) of the passage's text plus, with a smaller weight, of its title and heading. Filters are
terms of the same index and part of the query, so they cost little and never empty a result that exists.
"""

import copy
import math
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import tantivy

from index.errors import IndexDamagedError
from index.filter import Filter, filter_term, symbol_terms
from index.terms import terms
from ingest.document import PatentDocument
from ingest.passages import Passage

TITLE_WEIGHT = 0.3
TERMS = 60
_K1 = 1.2  # of tantivy
Unit = Literal["passage", "document"]
_HEAP = 64_000_000
_FEW = 100
"""Up to so many values of a filter are terms that are followed beside those of the query; more are made into a set of all passages that have
any of them before the search begins."""
_EARLIEST, _LATEST = 0, 99_999_999


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=False, indexed=False, fast=True)
    builder.add_integer_field("document", stored=False, indexed=True, fast=False)  # deleting by an unsigned one does nothing in 0.27
    builder.add_text_field("text", stored=False, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("title", stored=False, tokenizer_name="whitespace", index_option="freq")
    for name in ("number", "country", "language", "section", "ipc", "cpc"):
        builder.add_text_field(name, stored=False, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", stored=False, indexed=True, fast=True)
    return builder.build()


class LexicalIndex:
    """Searches in any thread; one writer at a time. Its entries are passages, or documents with the text of all of theirs."""

    def __init__(self, folder: Path, unit: Unit = "passage") -> None:
        self._folder, self._unit = folder, unit
        self._schema = _schema()
        folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(self._schema, path=str(folder), reuse=True)
        self._index.config_reader("manual")
        self._writer: tantivy.IndexWriter | None = None
        self._fixed: tantivy.Searcher | None = None

    @classmethod
    def fresh(cls, folder: Path, unit: Unit = "passage") -> "LexicalIndex":
        """An empty one in place of whatever is there."""
        shutil.rmtree(folder, ignore_errors=True)
        return cls(folder, unit)

    # -- writing

    def add(self, identity: int, document: PatentDocument, passages: Sequence[tuple[int, Passage]]) -> None:
        """The entries of a document, instead of those that were added for it before. Not searched before `commit`."""
        writer = self._open_writer()
        writer.delete_documents_by_term("document", identity)
        day = document.dates.publication or document.dates.filing
        places = {s: sorted({t for c in document.classifications if c.scheme == s for t in symbol_terms(c.symbol)}) for s in ("ipc", "cpc")}
        title = " ".join(terms(document.title))
        for entry_id, some in [(identity, [p for _, p in passages])] if self._unit == "document" else [(i, [p]) for i, p in passages]:
            entry = tantivy.Document()
            entry.add_unsigned("id", entry_id)
            entry.add_integer("document", identity)
            entry.add_text("text", " ".join(t for p in some for t in terms(p.text)))
            headings = dict.fromkeys(p.heading for p in some)
            entry.add_text("title", " ".join([title, *(t for h in headings for t in terms(h))]))
            entry.add_text("number", document.number)
            entry.add_text("country", document.country)
            for field, values in (("language", {p.language for p in some}), ("section", {p.section for p in some}), *places.items()):
                for value in sorted(values):
                    entry.add_text(field, value)
            if day:
                entry.add_integer("day", day.year * 10000 + day.month * 100 + day.day)
            writer.add_document(entry)

    def remove(self, identity: int) -> None:
        self._open_writer().delete_documents_by_term("document", identity)

    def check(self) -> None:
        """Read from every segment. Raises IndexDamagedError where a file is missing or damaged."""
        self.search({"check": 1.0}, 1, Filter(sections=("claims",)))

    def commit(self) -> None:
        if self._writer is not None:
            self._writer.commit()
        self.reload()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def _open_writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        return self._writer

    # -- searching

    def reload(self) -> None:
        self._index.reload()

    def fixed(self) -> "LexicalIndex":
        """This index as it is now, to search in: it stays so, whatever is committed and loaded later."""
        now = copy.copy(self)
        now._fixed, now._writer = self._index.searcher(), None
        return now

    def _searcher(self) -> tantivy.Searcher:
        return self._fixed or self._index.searcher()

    def search(self, weights: Mapping[str, float], k: int, where: Filter, titles: bool = True) -> list[tuple[int, float]]:
        """(id, score) of the k best passages (or documents) that have any of the terms, best first; each term counts by its weight.
        `titles` counts the terms of the title and the heading, too."""
        if not weights or k <= 0:
            return []
        should = []
        for term, weight in weights.items():
            for field, share in (("text", 1.0), ("title", TITLE_WEIGHT))[: 2 if titles else 1]:
                found = tantivy.Query.term_query(self._schema, field, term, index_option="freq")
                should.append((tantivy.Occur.Should, tantivy.Query.boost_query(found, weight * share)))
        clauses = [(tantivy.Occur.Must, tantivy.Query.boolean_query(should))]
        clauses += [(tantivy.Occur.Must, tantivy.Query.const_score_query(q, 0.0)) for q in self._filter(where)]
        searcher = self._searcher()
        try:
            result = searcher.search(tantivy.Query.boolean_query(clauses), limit=k, count=False)
        except BaseException as error:  # a damaged file is a ValueError of tantivy, or a panic, which is no Exception
            if not isinstance(error, ValueError) and type(error).__name__ != "PanicException":
                raise
            raise IndexDamagedError(
                f"{self._folder}: the lexical index is damaged; delete this folder, and the next search makes it again from the catalogue"
            ) from error
        addresses = [address for _, address in result.hits]
        ids = searcher.fast_field_values("id", addresses) if addresses else []
        return [(int(i), float(score)) for i, (score, _) in zip(ids, result.hits, strict=True) if i is not None]

    def totals(self) -> tuple[int, int]:
        """(number of entries, sum of their ids). Raises IndexDamagedError."""
        query = tantivy.Query.all_query()
        try:
            found = self._searcher().aggregate(query, {"ids": {"stats": {"field": "id"}}})["ids"]
        except ValueError as error:
            raise IndexDamagedError(f"{self._folder}: the lexical index is damaged ({error}); mend it with: patent repair") from error
        return int(found["count"]), int(found["sum"] or 0)

    def heaviest(self, weights: Mapping[str, float]) -> Mapping[str, float]:
        """Of many terms the `TERMS` that count most: those of a whole claim cost more than they tell."""
        if len(weights) <= TERMS:
            return weights
        kept = sorted(weights, key=lambda t: -weights[t] * self.inverse_document_frequency(t))[:TERMS]
        return {t: weights[t] for t in kept}

    def most(self, weights: Mapping[str, float]) -> float:
        """The most that the score of a text can come to for these terms, titles left out: each of them without end."""
        return sum(w * (_K1 + 1) * self.inverse_document_frequency(t) for t, w in weights.items())

    def inverse_document_frequency(self, term: str) -> float:
        """ln(1 + (N - n + 0.5) / (n + 0.5)) of a term that stands in n of N passages, as in BM25."""
        searcher = self._searcher()
        total, count = searcher.num_docs, searcher.doc_freq("text", term)
        return math.log1p(max(0.0, total - count + 0.5) / (count + 0.5))

    def _filter(self, where: Filter) -> list[tantivy.Query]:
        queries = []
        for field, values in (
            ("number", where.numbers), ("country", where.countries), ("language", where.languages), ("section", where.sections),
            ("ipc", [filter_term(s) for s in where.ipc]), ("cpc", [filter_term(s) for s in where.cpc]),
        ):  # fmt: skip
            if len(values) > _FEW:
                queries.append(tantivy.Query.term_set_query(self._schema, field, list(values)))
            elif values:
                anyone = [tantivy.Query.term_query(self._schema, field, v, index_option="basic") for v in values]
                queries.append(tantivy.Query.boolean_query([(tantivy.Occur.Should, q) for q in anyone]))
        if where.before or where.after:
            low = int(where.after.strftime("%Y%m%d")) if where.after else _EARLIEST
            high = int(where.before.strftime("%Y%m%d")) if where.before else _LATEST
            queries.append(tantivy.Query.range_query(self._schema, "day", tantivy.FieldType.Integer, low, high, True, False))
        return queries
