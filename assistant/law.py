"""The articles of laws in the index: those that a question names, and those that answer one.

A law is named as attorneys do it, by its short title (专利法, 细则, 35 U.S.C., Patent Law), in either language. An article that is named without a
law is looked for in all, those in the question's language and of shorter titles first: 专利法 before 专利法实施细则.
"""

import re
from collections.abc import Iterable, Sequence

from assistant.law_ranking import ranked
from assistant.legal_words import with_legal_words
from assistant.question import Question, understand
from index.filter import Filter
from index.hit import Hit
from index.patent_index import PatentIndex
from ingest.anchor import article_at
from ingest.document import PatentDocument
from ingest.errors import AnchorError
from ingest.language import CJK, detect_language
from ingest.laws.citing import CitedArticle, without_citations
from ingest.laws.naming import short_title
from ingest.passages import Passage

LAW = "law"
CANDIDATES = 100
"""So many passages are found, of whose articles the best are chosen."""
NAMED = "named"
"""Of a hit's scores: it is an article that the question names."""
_CHINESE = re.compile(f"[{CJK}]")
_NOUN = re.compile(r"(?:实施细则|实施条例|细则|条例|司法解释|解释|规定)$")
_BEFORE_NOUN = re.compile(r"(?:^|根据|依据|按照|依照|请问|关于|以及|最高法院?|最高人民法院|[问查看据依按在和与及跟的对、，。])$")
_COUNTRIES = {
    "美国": "US", "欧洲": "EP", "日本": "JP", "韩国": "KR", "德国": "DE", "英国": "GB", "法国": "FR", "台湾": "TW", "印度": "IN", "加拿大": "CA",
    "澳大利亚": "AU", "俄罗斯": "RU", "中国": "CN",
}  # fmt: skip
_ENGLISH = {
    "专利": "patent", "商标": "trademark", "著作权": "copyright", "法": "law", "实施细则": "implementing regulations", "条例": "regulations",
    "规定": "provisions", "司法解释": "judicial interpretation", "解释": "interpretation", "审理": "judicial interpretation", "审查": "examination",
    "指南": "guidelines",
}  # fmt: skip
_SAME = {
    "act": "law", "laws": "law", "acts": "law", "rules": "regulations", "regulation": "regulations", "rule": "regulations",
    "implementation": "implementing",
    "epc": "european patent convention", "pct": "patent cooperation treaty", "patents": "patent", "code": "", "cn": "", "china": "",
    "chinese": "", "prc": "", "people's": "", "peoples": "", "people’s": "", "republic": "", "the": "", "of": "", "on": "", "for": "", "to": "",
    "a": "", "and": "",
    "united": "", "states": "", "us": "",
}  # fmt: skip

_ASKING = re.compile(
    r"请问|请|告诉我|中华人民共和国|怎么|如何|怎样|什么|哪些|具体|规定|内容|条文|原文|全文|意思|列出|显示|给出|引用|查|说|讲|写|是|的|了|吗|呢|有|和|与|及|、"
    r"|\b(?:what|does|do|is|are|say|says|said|state|states|require|requires|provide|provides|mean|means|show|me|quote|cite|please|the|text|of|in|and|to|about)\b",
    re.IGNORECASE,
)
_KINDS = frozenset("law regulations implementing provisions convention treaty interpretation judicial guidelines".split())


def look_up(index: PatentIndex, question: Question | str, k: int = 5, where: Filter | None = None) -> list[Hit]:
    """The articles that a question names, and then those that its words lead to; each article once, at most k."""
    understood = understand(question) if isinstance(question, str) else question
    first = named_articles(index, understood, where)
    articles = {hit.anchor.partition(".")[0] for hit in first}
    within = _within_laws(where)
    rest: list[Hit] = []
    topic = without_citations(understood.topic) if first else understood.topic
    if within is not None and len(first) < k and re.search(r"\w\w", topic):
        rest = [hit for hit in _searched(index, topic, k + len(first), within) if hit.anchor not in articles]
    return [hit.model_copy(update={"rank": rank}) for rank, hit in enumerate([*first, *rest][:k], start=1)]


def named_articles(index: PatentIndex, question: Question, where: Filter | None = None) -> list[Hit]:
    """The articles, or parts of them, that a question names and the index has, in the question's order, whole and under their own anchors.

    Where an article has no such part as is named, the article itself. Nothing where the law that is named is not in the index.
    """
    within = _within_laws(where)
    laws = _titles(index, within) if question.articles and within is not None else {}
    documents: dict[str, PatentDocument] = {}
    hits: dict[str, Hit] = {}
    for article in question.articles:
        called = [documents.setdefault(number, index.document(number)) for number in _called(article.law, laws)]
        for document in sorted(called, key=lambda law: law.language != question.language):
            anchor = _anchor(document, article)
            if anchor is not None and anchor not in hits:
                hits[anchor] = _hit(index, document, anchor, len(hits) + 1)
    return list(hits.values())


def only_about_articles(question: Question) -> bool:
    """Whether a question asks for nothing but the articles that it names, so that nothing else can answer it."""
    return bool(question.articles) and re.search(r"\w", _ASKING.sub(" ", without_citations(question.text))) is None


def _within_laws(where: Filter | None) -> Filter | None:
    """The filter on laws alone; None where it leaves none."""
    where = where or Filter()
    return where.model_copy(update={"sections": (LAW,)}) if not where.sections or LAW in where.sections else None


def _titles(index: PatentIndex, within: Filter) -> dict[str, str]:
    """The titles of the laws by their numbers, the shortest first."""
    ids = index.catalogue.matching(within)
    firsts = {owner: int(identity) for identity, owner in zip(ids, index.catalogue.owners(ids), strict=True)}
    titles = {passage.number: title for passage, title in index.catalogue.passages(list(firsts.values())).values()}
    return dict(sorted(titles.items(), key=lambda item: (len(short_title(item[1])), item[0])))


def _called(law: str, titles: dict[str, str]) -> list[str]:
    """The numbers of the laws that are meant by what a question calls one."""
    if not law:
        return list(titles)
    country = next((code for name, code in _COUNTRIES.items() if name in law), "")
    fits = {number: _likeness(law, title) for number, title in titles.items() if not country or number.startswith((country, "LAW:"))}
    best = max(fits.values(), default=0.0)
    return [number for number, fit in fits.items() if fit == best > 0]


def _likeness(law: str, title: str) -> float:
    """How well a name fits a title; 0 where it is the name of another law."""
    short = short_title(title)
    if _CHINESE.search(law):
        asked = short_title(law)
        if asked.endswith(short):  # 请问专利法
            return 2.0 + len(short)
        noun = _NOUN.search(asked)
        if noun is None or not _BEFORE_NOUN.search(asked[: noun.start()]):
            return 0.0
        return 1.0 if short.endswith(noun[0]) or (noun[0] in ("司法解释", "解释") and "审理" in short) else 0.0
    names, given = _concepts(law), _concepts(_in_english(short))
    shared = len(names & given)
    fits = names <= given or (shared * 2 >= len(names) and not names & given <= _KINDS)
    return shared / len(names | given) if fits and shared else 0.0


def _in_english(title: str) -> str:
    """The words of a Chinese title that tell what kind of law it is, in English."""
    if not _CHINESE.search(title):
        return title
    left, words = title, []
    for written, english in sorted(_ENGLISH.items(), key=lambda item: -len(item[0])):
        if written in left:
            left = left.replace(written, " ")
            words.append(english)
    return " ".join(words)


def _concepts(name: str) -> set[str]:
    words = re.findall(r"[a-z0-9’']+", re.sub(r"(?<=\b\w)\.\s?(?=\w\b|\s|$)", "", name.lower()))
    return {part for word in words for part in _SAME.get(word, word).split()}


def _anchor(document: PatentDocument, article: CitedArticle) -> str | None:
    """The anchor of what is cited, or of the whole article; None where the law has no such article."""
    whole = f"{document.number}#art{article.number}"
    for anchor in (".".join((whole, *article.place)), whole):
        try:
            article_at(document, anchor)
        except AnchorError:
            continue
        return anchor
    return None


def _hit(index: PatentIndex, document: PatentDocument, anchor: str, rank: int) -> Hit:
    named, text = article_at(document, anchor)
    parts = [p for p in index.passages(document.number) if p.anchor == f"{document.number}#art{named}"]
    whole = sum(len(p.text) for p in parts) or 1
    passage = Passage(
        anchor=anchor,
        text=text,
        section=LAW,
        language=document.language,
        tokens=round(sum(p.tokens for p in parts) * min(1.0, len(text) / whole)),
        heading=parts[0].heading if parts else "",
    )
    return Hit(rank=rank, passage=passage, score=1.0, scores={NAMED: 1.0}, title=document.title)


def _searched(index: PatentIndex, topic: str, k: int, within: Filter) -> list[Hit]:
    """The k articles that the search finds; a long one that is several passages is one hit, its best passage."""
    chinese = detect_language(topic) == "zh"
    hits = index.search(with_legal_words(topic) if chinese else topic, max(CANDIDATES, 4 * k) if chinese else 4 * k, within, late=not chinese)
    best: dict[str, Hit] = {}
    texts: dict[str, str] = {}
    for hit in hits:
        best.setdefault(hit.anchor, hit)
        texts[hit.anchor] = f"{texts.get(hit.anchor, hit.passage.heading)}\n{hit.passage.text}"
    if not chinese or not best:
        return list(best.values())[:k]
    return [best[anchor] for anchor in ranked(topic, texts, {anchor: hit.score for anchor, hit in best.items()})[:k]]


def named(hits: Iterable[Hit]) -> Sequence[Hit]:
    """The hits that are articles which the question names."""
    return [hit for hit in hits if NAMED in hit.scores]
