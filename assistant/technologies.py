"""The key technologies of a field, counted in the index.

The documents that a search finds for the field are the field. A phrase of two to four words that stands in several of them is a technology where
it is there more often than the index leads to expect: by the log-likelihood ratio (Dunning, 1993) of the passages with the phrase, among the
field's abstracts, claims and summaries, against those of the index with the rarest of its words, which are at least as many as those with the
phrase. Places of the IPC are counted in the same way, by passages of the documents that have them.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from index.filter import SECTIONS, Filter
from index.patent_index import PatentIndex
from index.terms import terms
from ingest.document import Citation, PatentDocument
from ingest.language import CJK, detect_language
from ingest.passages import Passage
from ingest.schemes.symbol import Symbol
from ingest.sentences import sentences

DOCUMENTS = 40
NEAR = 0.6
"""A document is of the field from this share of the best one's score on."""
FEWEST, SHARE = 2, 0.1
"""So many documents, and this share of them, have a technology or a place; where the field has that many."""
LONGEST = 4
CITED = 2
_READ = ("abstract", "claims", "summary")
_PATENTS = tuple(s for s in SECTIONS if s not in ("scheme", "law"))
_RUN = re.compile(rf"[{CJK}]+|[A-Za-zÀ-ɏα-ω][\w\-‐‑'’]*")
_BREAK = re.compile(r"[^\s\w\-‐‑'’]")
_EMPTY = frozenset(
    """
    claim claims method methods system systems device devices apparatus invention embodiment first second third plurality comprising comprise
    comprises including includes include configured provided providing based using used wherein characterized preferably respectively step steps
    unit units means present being having between within through before after during under over about only both same different when while where
    which whose every further example least most following preceding accordance dependent
    权利 要求 权利要求 特征 在于 其特征在于 发明 本发明 实用新型 方法 装置 系统 设备 步骤 单元 模块 第一
    第二 第三 多个 至少 优选 设有 设置 连接 实现 提供 公开 涉及 任一项 任意 一项 项 任 具体 所述 相应
    进一步 之间 以下 以上 至少一个 预设 得到 获取 确定 分别 位于
    """.split()
)
"""Words of claims that name no technology."""


@dataclass
class Technology:
    """`documents` of the field have it, `score` is the log-likelihood ratio; `places` are the main groups of those documents, commonest first."""

    name: str
    score: float
    documents: list[str]
    citations: list[Citation] = field(default_factory=list)
    places: list[str] = field(default_factory=list)


@dataclass
class FieldPlaces:
    """A main group with the number of the field's documents that have it, and its log-likelihood ratio."""

    symbol: str
    documents: int
    score: float


def documents_of(index: PatentIndex, asked: str) -> list[PatentDocument]:
    """The patents of a field, best first; of those with the same title, which are a family, one."""
    hits = index.search_documents(asked, DOCUMENTS, Filter(sections=_PATENTS))
    found: dict[str, PatentDocument] = {}
    for hit in hits:
        if hit.score >= NEAR * hits[0].score:
            found.setdefault(hit.title.casefold() or hit.number, index.document(hit.number))
    return list(found.values())


def technologies(index: PatentIndex, asked: str, documents: Sequence[PatentDocument], k: int) -> list[Technology]:
    """The k technologies that stand out most in the documents of a field, none of them the field's own name."""
    passages = {d.number: [p for p in index.passages(d.number) if p.section in _READ] for d in documents}
    total = sum(map(len, passages.values()))
    holders: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    written: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for number, some in passages.items():
        for passage in some:
            for key, phrase in dict(_phrases(passage)).items():
                holders[key][number] = holders[key].get(number, 0) + 1
                written[key][phrase] += 1
    own = set(terms(asked))
    fewest = _fewest(documents)
    common = {key: by for key, by in holders.items() if len(by) >= fewest and not set(key) <= own}
    rarity = index.term_weights({term for key in common for term in key})
    everywhere = len(index.catalogue.matching(Filter()))
    scores = {}
    for key, by in common.items():
        rarest = max(rarity[term] for term in key)
        there = (everywhere + 1) / math.exp(rarest) - 0.5
        scores[key] = log_likelihood(sum(by.values()), total, max(there, sum(by.values())), everywhere)
    ranked = sorted((key for key in scores if scores[key] > 0), key=lambda key: (-scores[key], key))
    found: list[tuple[str, ...]] = []
    for key in ranked:
        if not any(_within(key, o) or _within(o, key) or (set(key) & set(o) and common[key].keys() == common[o].keys()) for o in found):
            found.append(key)
        if len(found) == k:
            break
    return [_technology(key, written[key].most_common(1)[0][0], scores[key], documents, passages, common[key]) for key in found]


def places(index: PatentIndex, documents: Sequence[PatentDocument], k: int) -> list[FieldPlaces]:
    """The k main groups that stand out most among the documents of a field."""
    counted: Counter[str] = Counter(symbol for d in documents for symbol in _groups(d))
    total, everywhere = sum(len(index.catalogue.passage_ids(d.number)) for d in documents), len(index.catalogue.matching(Filter(sections=_PATENTS)))
    found = []
    for symbol, count in counted.items():
        if count < _fewest(documents):
            continue
        held = sum(len(index.catalogue.passage_ids(d.number)) for d in documents if symbol in _groups(d))
        there = len(index.catalogue.matching(Filter(ipc=(symbol,), sections=_PATENTS)))
        found.append(FieldPlaces(symbol, count, log_likelihood(held, total, max(held, there), everywhere)))
    return sorted((f for f in found if f.score > 0), key=lambda f: (-f.score, f.symbol))[:k]


def _fewest(documents: Sequence[PatentDocument]) -> int:
    return min(len(documents), max(FEWEST, math.ceil(SHARE * len(documents))))


def log_likelihood(held: float, total: float, there: float, everywhere: float) -> float:
    """Dunning's ratio for `held` of `total` against the rest of `there` of `everywhere`; 0 where it is not more than expected."""
    rest, others = there - held, everywhere - total
    if total <= 0 or others <= 0 or held / total <= max(rest, 0) / others:
        return 0.0

    def log_of(count: float, of: float, share: float) -> float:
        return (count * math.log(share) if count else 0.0) + ((of - count) * math.log(1 - share) if of - count else 0.0)

    share = there / everywhere
    return 2 * (log_of(held, total, held / total) + log_of(rest, others, rest / others) - log_of(held, total, share) - log_of(rest, others, share))


def _phrases(passage: Passage) -> Iterator[tuple[tuple[str, ...], str]]:
    """(terms, words as written) of the phrases in a passage."""
    for line in re.split(_BREAK, passage.text):
        words = [w for run in _RUN.findall(line) for w in _words(run)]
        kept = [(word, terms(word)) for word in words]
        for start in range(len(kept)):
            for end in range(start + 2, min(start + LONGEST, len(kept)) + 1):
                piece = kept[start:end]
                if all(len(t) >= 1 and w.lower() not in _EMPTY for w, t in piece):
                    joined = "" if detect_language(piece[0][0]) == "zh" else " "
                    yield tuple(t for _, each in piece for t in each), joined.join(w for w, _ in piece)


def _words(run: str) -> list[str]:
    if re.match(f"[{CJK}]", run):
        import rjieba

        return [str(w) for w in rjieba.cut(run)]
    return [run]


def _within(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    return any(outer[i : i + len(inner)] == inner for i in range(len(outer) - len(inner) + 1))


def _technology(
    key: tuple[str, ...],
    name: str,
    score: float,
    documents: Sequence[PatentDocument],
    passages: dict[str, list[Passage]],
    held: dict[str, int],
) -> Technology:
    citations: list[Citation] = []
    for document in documents:
        if document.number in held and len(citations) < CITED:
            first = next((_citation(p, key) for p in passages[document.number] if key in dict(_phrases(p))), None)
            citations += [first] if first else []
    groups = Counter(symbol for d in documents if d.number in held for symbol in _groups(d))
    return Technology(name, score, [d.number for d in documents if d.number in held], citations, [s for s, _ in groups.most_common(3)])


def _citation(passage: Passage, key: tuple[str, ...]) -> Citation:
    for sentence in sentences(passage.text):
        if key in dict(_phrases(passage.model_copy(update={"text": sentence}))):
            return Citation(anchor=passage.anchor, quote=sentence)
    return Citation(anchor=passage.anchor, quote=passage.text)


def _groups(document: PatentDocument) -> list[str]:
    """The main groups of a document, each once."""
    found = [Symbol(c.symbol) for c in document.classifications if c.scheme == "ipc"]
    return list(dict.fromkeys(f"{s.section}{s.cls}{s.subclass} {s.group}/00" for s in found if s.group))
