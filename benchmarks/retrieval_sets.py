"""The sets that retrieval is measured on, made from the shared data.

`load_sets(names)` returns each as documents, queries and what is relevant to them:

>>> for each in load_sets(["zh-title-claims"]):
...     for query in each.queries:
...         each.relevance[query.id]  # the keys that are relevant: of documents, of parts of documents, or symbols

Where a set is about finding by the claims or the description, titles and abstracts are taken out of the documents, since they give the answer
away. Every query belongs to the development or the test part by a hash of its id; the question set has a file for each.

title-claims        title of a scientific paper to the claims of the application by the same inventors (claims alone are there)
paper-passages      title and abstract of the paper to the application, from its claims and description
claim-support       claim 1 to the paragraphs of its own description that support it, among all descriptions (`retrieval_support`)
zh-title-claims     Chinese title to the claims of its document
en-zh, zh-en        title and abstract in one language to the same patent in the other. Distractors: the Chinese key phrase documents' abstracts;
                    the abstracts of `us_ipc`. With `-title`, the title alone is the query
ipc-*               title and abstract of a US patent to its IPC subclass or main group, by the titles of the IPC (2022) and the titles and definition
                    statements of the CPC at subclasses and main groups. Relevant is the first code; with `-any`, any code
neighbours-*        likewise, by the vote of the ten nearest of the other patents, one for the first code of each
questions-*         the question set: passages that answer a question in English, in Chinese, or in English about a Chinese document
"""

import gzip
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from collection import DATA, KEYPHRASES, documents, keyphrase_documents
from retrieval_support import supporting_paragraphs

from index import Filter
from ingest import Classification, PatentDocument, SchemeEntry, Source, Symbol, read
from ingest.errors import ReadError
from ingest.schemes.cpc import read_cpc_scheme
from ingest.schemes.cpc_definitions import read_cpc_definitions
from ingest.schemes.scheme import Entries, Given
from ingest.schemes.title_list import read_title_list

QUESTIONS = Path(__file__).parent / "questions"
APPLICATIONS = "us_applications/part-{}.jsonl.gz"
APPLICATION_PARTS = 4
DESCRIBED = 2
"""So many parts of the applications are searched by their descriptions, too: 79,000 passages, which two cores encode three times (raw, with their
context, in chunks) in a quarter of an hour."""
DESCRIPTION = ("cross_reference", "field", "background", "summary", "drawings", "description")
SCHEMES: tuple[tuple[str, Callable[[bytes, Given], Entries]], ...] = (
    ("ipc/titles/20220101", read_title_list),
    ("cpc/CPCSchemeXML201908.zip", read_cpc_scheme),
    ("cpc/FullCPCDefinitionXML202505.zip", read_cpc_definitions),
)
NEIGHBOURS = 10
PATENTS_ASKED = 300
"""So many of the held out tenth of `us_ipc` are asked about."""
Part = Literal["development", "test"]


@dataclass(frozen=True)
class Query:
    id: str
    text: str
    part: Part


@dataclass(frozen=True)
class RetrievalSet:
    """`relevance` gives for each query id the relevant keys: numbers of documents where `unit` is `document`, anchors of single claims,
    abstracts and paragraphs where it is `passage`. Sets with the same `collection` have the same documents.

    With `labels` (by number of document) the keys are labels, and a ranking of documents becomes one of their labels: each
    label at its best document or, where `votes` is above 0, by the number of votes among so many documents.
    Those that are not `averaged` are variants of another set.
    """

    name: str
    collection: str
    documents: tuple[PatentDocument, ...]
    queries: tuple[Query, ...]
    relevance: Mapping[str, frozenset[str]]
    unit: Literal["document", "passage"] = "document"
    where: Filter = field(default_factory=Filter)
    labels: Mapping[str, str] = field(default_factory=dict)
    votes: int = 0
    averaged: bool = True


def load_sets(names: Sequence[str] = (), described: int = DESCRIBED) -> list[RetrievalSet]:
    """The sets of these names, all without any; `paper-passages` and `claim-support` from so many parts of the applications.
    Raises KeyError for a name that is none."""
    return [_SETS[name](name, described) for name in names or _SETS]


def part_of(identity: str) -> Part:
    """Half of the queries each, by a stable hash of the id."""
    return "development" if _hashed(f"part {identity}") % 2 else "test"


def _hashed(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def _rows(path: str) -> Iterator[dict[str, Any]]:
    with gzip.open(DATA / path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _queries(texts: Mapping[str, str]) -> tuple[Query, ...]:
    return tuple(Query(i, text, part_of(i)) for i, text in texts.items())


# -- papers and applications


def applications(part: int) -> tuple[PatentDocument, ...]:
    """Claims and description, no title and no abstract."""
    found = []
    for outcome in read([DATA / APPLICATIONS.format(part)]):
        if not isinstance(outcome, PatentDocument):
            raise ValueError(f"an application could not be read: {outcome}")
        found.append(outcome.model_copy(update={"titles": {}, "abstracts": {}}))
    return tuple(found)


@cache
def _applications(parts: int) -> tuple[PatentDocument, ...]:
    return tuple(d for part in range(parts) for d in applications(part))


@cache
def _claims_alone() -> tuple[PatentDocument, ...]:
    return tuple(d.model_copy(update={"sections": ()}) for d in _applications(APPLICATION_PARTS))


def _papers(name: str, described: int) -> RetrievalSet:
    by_title = name == "title-claims"
    some = _claims_alone() if by_title else _applications(described)
    rows = {row["patent_id"]: row for row in _rows("us_applications/paper_queries.jsonl.gz")}
    texts = {}
    for each in some:
        row = rows[each.number]
        texts[each.number] = row["paper_title"] if by_title else f"{row['paper_title']}\n{row['paper_abstract']}"
    relevance = {d.number: frozenset([d.number]) for d in some}
    return RetrievalSet(name, "application-claims" if by_title else f"applications-{described}", some, _queries(texts), relevance)


def _claim_support(name: str, described: int) -> RetrievalSet:
    some = _applications(described)
    relevance = {d.number: frozenset(gold) for d in some if (gold := supporting_paragraphs(d))}
    texts = {d.number: d.claims[0].text for d in some if d.number in relevance}
    return RetrievalSet(name, f"applications-{described}", some, _queries(texts), relevance, "passage", Filter(sections=DESCRIPTION))


# -- Chinese, and across languages


def _chinese_titles(name: str, _: int) -> RetrievalSet:
    whole = [d for d in keyphrase_documents() if d.claims]
    found = tuple(d.model_copy(update={"titles": {}, "abstracts": {}}) for d in whole)
    return RetrievalSet(name, "chinese-claims", found, _queries({d.number: d.title for d in whole}), {d.number: frozenset([d.number]) for d in whole})


@cache
def _triples() -> dict[str, dict[str, tuple[str, str]]]:
    """By id and language, title and abstract. A row that repeats another's text is left out: it would be asked for in both parts."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    seen: set[str] = set()
    for row in _rows("cross_lingual/triples.jsonl.gz"):
        if not seen & {row["en"], row["zh"]}:
            split = {each: row[each].partition("|") for each in ("en", "zh")}
            found[row["id"]] = {each: (title.strip(), abstract.strip()) for each, (title, _, abstract) in split.items()}
        seen |= {row["en"], row["zh"]}
    return found


@cache
def _in_language(language: str) -> tuple[PatentDocument, ...]:
    """The patents of `cross_lingual` in one language, then the distractors."""
    mine = [
        PatentDocument(number=i, language=language, titles={language: both[language][0]}, abstracts={language: both[language][1]})
        for i, both in _triples().items()
    ]
    if language == "en":
        return (*mine, *us_patents())
    train = KEYPHRASES.replace("test", "train")
    others = [d.model_copy(update={"claims": ()}) for d in keyphrase_documents()]
    for count, row in enumerate(_rows(train), start=1):
        others.append(PatentDocument(number=f"KPT{count:04d}", language="zh", abstracts={"zh": row["input"].strip().removeprefix("摘要：")}))
    return (*mine, *others)


def _across(name: str, _: int) -> RetrievalSet:
    source, target = name.split("-")[:2]
    title_alone = name.endswith("-title")
    texts = {i: both[source][0] if title_alone else "\n".join(both[source]) for i, both in _triples().items()}
    relevance = {i: frozenset([i]) for i in texts}
    return RetrievalSet(name, f"abstracts-{target}", _in_language(target), _queries(texts), relevance, averaged=not title_alone)


# -- classification


@cache
def us_patents() -> tuple[PatentDocument, ...]:
    """Title, abstract and IPC codes, of which the first is `first`."""
    found = {}
    for row in _rows("us_ipc/documents.jsonl.gz"):
        codes = list(dict.fromkeys(s for code in row["ipc"] if (s := _symbol(code))))
        found[row["id"]] = PatentDocument(
            number=row["id"],
            language="en",
            titles={"en": row["title"]},
            abstracts={"en": row["abstract"]},
            classifications=tuple(Classification(symbol=s, first=not i) for i, s in enumerate(codes)),
        )
    return tuple(found.values())


def _symbol(code: str) -> str:
    """In its standard form; "" where it is none."""
    try:
        return str(Symbol(code))
    except ReadError:
        return ""


def place(symbol: str, level: str) -> str:
    """The subclass (`H04L`) or main group (`H04L 9/00`) that a symbol stands in; "" for one that stands above."""
    found = Symbol(symbol)
    if level == "subclass":
        return f"{found.section}{found.cls}{found.subclass}" if found.subclass else ""
    return f"{found.section}{found.cls}{found.subclass} {found.group}/00" if found.group else ""


@cache
def scheme_places() -> tuple[PatentDocument, ...]:
    """The entries of the IPC and the CPC, and the CPC's definitions, of subclasses and main groups, in English."""
    found = {}
    for path, reader in SCHEMES:
        given: Given = {}
        for data in _files(DATA / path):
            for entry in reader(data, given):
                if isinstance(entry, SchemeEntry) and Symbol(entry.symbol).level in ("subclass", "main group"):
                    statement = tuple(s for s in entry.sections if s[0] == "Definition statement")  # the others tell what is elsewhere
                    found[entry.number] = entry.model_copy(update={"sections": statement}).document(Source(path=path))
    return tuple(found.values())


def _files(path: Path) -> Iterator[bytes]:
    if path.is_dir():
        yield from (p.read_bytes() for p in sorted(path.iterdir()))
        return
    with zipfile.ZipFile(path) as archive:
        yield from (archive.read(name) for name in sorted(archive.namelist()))


def _classes(name: str, _: int) -> RetrievalSet:
    """`ipc-` or `neighbours-`, `subclass` or `group`, and `-any` or nothing."""
    by, level = name.split("-")[0], "main group" if "group" in name else "subclass"
    coded = [d for d in us_patents() if d.classifications and d.classifications[0].first]
    held_out = {d.number for d in coded if _hashed(f"held out {d.number}") % 10 == 0}
    asked = sorted((d for d in coded if d.number in held_out), key=lambda d: _hashed(d.number))[:PATENTS_ASKED]
    relevance = {}
    for d in asked:
        codes = d.classifications if name.endswith("-any") else d.classifications[:1]
        relevance[d.number] = frozenset(filter(None, (place(c.symbol, level) for c in codes)))
    asked = [d for d in asked if relevance[d.number]]
    queries = _queries({d.number: f"{d.title}\n{d.abstract}" for d in asked})
    some = tuple(d for d in coded if d.number not in held_out) if by == "neighbours" else scheme_places()
    labels = {d.number: found for d in some if (found := place(d.classifications[0].symbol, level))}
    return RetrievalSet(
        name,
        "us-patents" if by == "neighbours" else "schemes",
        some,
        queries,
        relevance,
        labels=labels,
        votes=NEIGHBOURS if by == "neighbours" else 0,
        averaged=not name.endswith("-any"),
    )


# -- the question set


@cache
def _question_documents() -> tuple[PatentDocument, ...]:
    return tuple(documents())


def _questions(name: str, _: int) -> RetrievalSet:
    parts: tuple[Part, ...] = ("development", "test")
    queries, relevance = [], {}
    for part in parts:
        for row in map(json.loads, (QUESTIONS / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()):
            group = "questions-en-zh" if row["id"].startswith("x") else f"questions-{row['language']}"
            if row["answerable"] and group == name:
                queries.append(Query(f"{part}/{row['id']}", row["question"], part))
                relevance[f"{part}/{row['id']}"] = frozenset(row["gold"])
    return RetrievalSet(name, "questions", _question_documents(), tuple(queries), relevance, "passage")


_SETS: dict[str, Callable[[str, int], RetrievalSet]] = {
    "title-claims": _papers,
    "paper-passages": _papers,
    "claim-support": _claim_support,
    "zh-title-claims": _chinese_titles,
    "en-zh": _across,
    "zh-en": _across,
    "ipc-subclass": _classes,
    "ipc-group": _classes,
    "neighbours-subclass": _classes,
    "neighbours-group": _classes,
    "questions-en": _questions,
    "questions-zh": _questions,
    "questions-en-zh": _questions,
    "en-zh-title": _across,
    "zh-en-title": _across,
    "ipc-subclass-any": _classes,
    "ipc-group-any": _classes,
    "neighbours-subclass-any": _classes,
    "neighbours-group-any": _classes,
}
SETS = tuple(_SETS)
