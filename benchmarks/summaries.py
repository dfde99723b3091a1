"""Extractive summaries against filed abstracts: python benchmarks/summaries.py [test|development] [--documents N] [--sumy SENTENCES] [--learn]

Of the shared US applications, cut in two halves by a hash of the number; the abstract is taken out of the document before it is read, and
the abstract-length version is held against it by ROUGE-1, ROUGE-2 and ROUGE-L (F1 of lower-case words without stemming; characters of
Chinese) and by the share of the abstract's terms that it has. Beside it, over the same sentences of the same document: the first three
sentences, and up to the same length the first sentences, random ones, the first claim, LexRank (PageRank over cosines of tf x idf vectors
of at least 0.1) and TextRank (PageRank over the words that two sentences share, by the logarithms of their lengths). Intervals are 95 %
bootstraps over documents. Also the share of the elements of independent claims of which the whole summary has most terms.

`--sumy` adds LexRank and TextRank as the library sumy has them, with its stemmer and stop words (pip install sumy), and a second table of the
documents of at most so many sentences: its time grows with their square, 5 s for 300 sentences, minutes for 3,000. `--processes` says in how
many processes.

For Chinese there are six applications of CNIPA, and the 342 Chinese documents of KPPatent-ZH that have a title, claims and an abstract
alone. `--learn` makes the weights of assistant/summaries from the development half. Time and memory: benchmarks/summaries_throughput.py.
"""

import argparse
import hashlib
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from multiprocessing import get_context

import numpy as np
from collection import APPLICATIONS, CHINESE, DATA, keyphrase_documents
from scipy.sparse import csr_matrix, diags

from assistant.summaries.candidates import Candidate, candidates, language_of
from assistant.summaries.covering import TermSpace
from assistant.summaries.extraction import extractive
from assistant.summaries.summary import Length, Summary
from assistant.summaries.worth import SENTENCE, TERM, WEIGHTS, sentence_features, term_features
from assistant.tasks.metrics import rouge_l
from index.terms import terms
from ingest import PatentDocument, read
from ingest.claims.claim_parts import claim_parts
from ingest.language import CJK
from ingest.sentences import sentences

WORD = re.compile(rf"[{CJK}]|\w+")
MEASURES = ("rouge_1", "rouge_2", "rouge_l", "terms", "words")


def applications(which: str, most: int) -> list[PatentDocument]:
    found = []
    for outcome in read(sorted((DATA / APPLICATIONS).parent.glob("part-*.jsonl.gz"))):
        if isinstance(outcome, PatentDocument) and outcome.abstract:
            half = "development" if hashlib.blake2b(outcome.number.encode()).digest()[0] < 128 else "test"
            if half == which:
                found.append(outcome)
    return sorted(found, key=lambda d: hashlib.blake2b(d.number.encode()).digest()[1:])[:most]


def chinese_claims(which: str) -> list[PatentDocument]:
    """The documents of KPPatent-ZH that have claims and an abstract, cut in halves likewise."""
    found = [document for document in keyphrase_documents() if document.claims and document.abstract]
    return [d for d in found if (hashlib.blake2b(d.number.encode()).digest()[0] < 128) == (which == "development")]


def without_abstract(document: PatentDocument) -> PatentDocument:
    return document.model_copy(update={"abstracts": {}})


def f1(a: Counter[object], b: Counter[object]) -> float:
    return 2 * (a & b).total() / max(1, a.total() + b.total())


def scores(text: str, abstract: str) -> tuple[float, ...]:
    said, wanted = WORD.findall(text.lower()), WORD.findall(abstract.lower())
    of_abstract = set(terms(abstract))
    return (
        f1(Counter(said), Counter(wanted)),
        f1(Counter(pairwise(said)), Counter(pairwise(wanted))),
        rouge_l(text, abstract),
        len(of_abstract & set(terms(text))) / max(1, len(of_abstract)),
        float(len(said)),
    )


def fill(order: Iterable[int], found: Sequence[Candidate], budget: int) -> list[int]:
    """The first of an order up to a length; one at least."""
    chosen: list[int] = []
    for i in order:
        if chosen and found[i].size > budget:
            break
        chosen.append(i)
        budget -= found[i].size
    return sorted(chosen)


def page_rank(links: csr_matrix) -> np.ndarray:
    links = links.tocsr()
    links.setdiag(0)
    out = np.asarray(links.sum(axis=1)).ravel()
    move = diags(1 / np.where(out > 0, out, 1)) @ links
    rank = np.full(links.shape[0], 1 / links.shape[0])
    for _ in range(40):
        rank = 0.15 / len(rank) + 0.85 * (move.T @ rank)
    return rank


def lex_rank(space: TermSpace) -> np.ndarray:
    links = (space.vectors @ space.vectors.T).tocsr()
    links.data[links.data < 0.1] = 0
    links.eliminate_zeros()
    return page_rank(links)


def text_rank(space: TermSpace) -> np.ndarray:
    shared = (space.rows @ space.rows.T).tocoo()
    length = np.log(np.maximum(2, np.asarray(space.rows.sum(axis=1)).ravel()))
    data = shared.data / (length[shared.row] + length[shared.col])
    return page_rank(csr_matrix((data, (shared.row, shared.col)), shape=shared.shape))


def baselines(document: PatentDocument, length: Length) -> dict[str, str]:
    language = language_of(document)
    budget = length.of("abstract", language)
    found, _ = candidates(document, language, budget)
    space = TermSpace.of(found)
    rng = random.Random(document.number)
    first_claim = next((i for i, c in enumerate(found) if c.kind == "claims"), 0)
    chosen = {
        "lead-3": list(range(min(3, len(found)))),
        "first sentences": fill(range(len(found)), found, budget),
        "random": fill(rng.sample(range(len(found)), len(found)), found, budget),
        "first claim": [first_claim],
        "LexRank": fill(np.argsort(-lex_rank(space), kind="stable").tolist(), found, budget),
        "TextRank": fill(np.argsort(-text_rank(space), kind="stable").tolist(), found, budget),
    }
    return {name: "\n".join(found[i].text for i in positions) for name, positions in chosen.items()}


class Words:
    """A tokenizer for sumy."""

    def to_words(self, text: str) -> tuple[str, ...]:
        return tuple(WORD.findall(text.lower()))


def by_sumy(found: Sequence[Candidate], language: str, budget: int) -> dict[str, str]:
    """The same sentences ranked by sumy, filled up to the same length."""
    from sumy.models.dom import ObjectDocumentModel
    from sumy.models.dom import Paragraph as SumyParagraph
    from sumy.models.dom import Sentence as SumySentence
    from sumy.nlp.stemmers import Stemmer
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from sumy.summarizers.text_rank import TextRankSummarizer
    from sumy.utils import get_stop_words

    document = ObjectDocumentModel([SumyParagraph([SumySentence(candidate.text, Words()) for candidate in found])])
    name = "chinese" if language == "zh" else "english"
    made = {}
    for system, summarizer in (("LexRank (sumy)", LexRankSummarizer), ("TextRank (sumy)", TextRankSummarizer)):
        ranking = summarizer(Stemmer(name))
        ranking.stop_words = get_stop_words(name)
        rates: list[float] = []

        def keep(sentences: Sequence[object], count: int, rating: object, rates: list[float] = rates) -> tuple[()]:
            rates += [rating[s] if isinstance(rating, dict) else rating(s) for s in sentences]  # type: ignore[operator]
            return ()

        ranking._get_best_sentences = keep  # what it does with the ratings is to take the first few
        ranking(document, 1)
        order = np.argsort(-np.array(rates), kind="stable").tolist()
        made[system] = "\n".join(found[i].text for i in fill(order, found, budget))
    return made


def elements_mentioned(document: PatentDocument, summary: Summary) -> tuple[int, int]:
    """Of the elements of independent claims, how many there are and of how many the summary has three quarters of the terms."""
    said = set(terms("\n".join(sentence.text for sentence in summary.sentences())))
    wanted = [
        set(terms(element)) for claim in document.claims if claim.independent for element in sentences(claim_parts(claim.text).body or claim.text)
    ]
    wanted = [element for element in wanted if element]
    return len(wanted), sum(len(element & said) >= 0.75 * len(element) for element in wanted)


def interval(values: np.ndarray) -> tuple[float, float, float]:
    rng = np.random.default_rng(1)
    means = values[rng.integers(0, len(values), (2000, len(values)))].mean(axis=1)
    return float(values.mean()), float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


@dataclass(frozen=True)
class Measured:
    """Of one document: the scores of each system, and of the elements of independent claims how many there are and are mentioned."""

    rows: dict[str, tuple[float, ...]]
    elements: tuple[int, int]
    seconds: float


def measured(document: PatentDocument, length: Length, most: int) -> Measured:
    """`most` is how many sentences sumy is given at most."""
    bare, language = without_abstract(document), language_of(document)
    began = time.perf_counter()
    summary = extractive(bare, length)
    seconds = time.perf_counter() - began
    systems = baselines(bare, length) | {"ours": "\n".join(sentence.text for sentence in summary.abstract)}
    budget = length.of("abstract", language)
    found, _ = candidates(bare, language, budget)
    if len(found) <= most:
        systems = by_sumy(found, language, budget) | systems
    return Measured({system: scores(text, document.abstract) for system, text in systems.items()}, elements_mentioned(bare, summary), seconds)


def measure(name: str, documents: Sequence[PatentDocument], length: Length, most: int, processes: int) -> None:
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        found = list(pool.map(partial(measured, length=length, most=most), documents))
    seconds, elements, mentioned = (sum(each) for each in zip(*((m.seconds, *m.elements) for m in found), strict=True))
    print(f"\n{name}: {len(found)} documents; ours {seconds / len(found):.3f} s a document")
    print(f"elements of independent claims mentioned in the whole summary: {mentioned} of {elements} ({mentioned / max(1, elements):.3f})")
    table(found)
    if (some := [each for each in found if "LexRank (sumy)" in each.rows]) and len(some) < len(found):
        print(f"{name}: the {len(some)} documents of at most {most} sentences")
        table(some)


def table(found: Sequence[Measured]) -> None:
    print(f"{'':16}" + "".join(f"{measure:>26}" for measure in MEASURES))
    systems = [system for system in found[0].rows if all(system in each.rows for each in found)]
    rows = {system: np.array([each.rows[system] for each in found]) for system in systems}
    for system, values in rows.items():
        print(f"{system:16}" + "".join("{:10.3f} [{:6.3f}, {:6.3f}]".format(*interval(values[:, i])) for i in range(len(MEASURES))))
        if system != "ours":
            print(
                f"{'  ours above it':16}"
                + "".join("{:+10.3f} [{:+6.3f}, {:+6.3f}]".format(*interval(rows["ours"][:, i] - values[:, i])) for i in range(4))
            )


def learn(documents: Sequence[PatentDocument], length: Length) -> None:
    """The weights of `assistant.summaries.worth`: ridge regression (sentences) and logistic regression (terms)."""
    from sklearn.linear_model import LogisticRegression, Ridge

    of_sentences, said, of_terms, has = [], [], [], []
    for document, abstract in [(without_abstract(d), d.abstract) for d in documents]:
        language = language_of(document)
        found, _ = candidates(document, language, length.of("abstract", language))
        space = TermSpace.of(found)
        of_sentences.append(sentence_features(found, space, document.title, language))
        said.append([0.5 * one + two for one, two, *_ in (scores_of_sentence(c.text, abstract) for c in found)])
        of_terms.append(term_features(found, space, document.title, language))
        wanted = set(terms(abstract))
        has.append([term in wanted for term in space.vocabulary])
    ridge = Ridge(alpha=1.0, fit_intercept=False).fit(np.vstack(of_sentences), np.concatenate(said))
    logistic = LogisticRegression(C=10, max_iter=1000, fit_intercept=False).fit(np.vstack(of_terms), np.concatenate(has))
    weights = {
        "sentence": dict(zip(SENTENCE, np.round(ridge.coef_, 5).tolist(), strict=True)),
        "term": dict(zip(TERM, np.round(logistic.coef_[0], 5).tolist(), strict=True)),
    }
    WEIGHTS.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    print(f"{WEIGHTS}: from {len(documents)} documents\n{json.dumps(weights)}")


def scores_of_sentence(text: str, abstract: str) -> tuple[float, float]:
    said, wanted = WORD.findall(text.lower()), WORD.findall(abstract.lower())
    return f1(Counter(said), Counter(wanted)), f1(Counter(pairwise(said)), Counter(pairwise(wanted)))


def main() -> None:
    parser = argparse.ArgumentParser(description="Extractive summaries against filed abstracts.")
    parser.add_argument("which", nargs="?", default="test", choices=("test", "development"))
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--learn", action="store_true")
    parser.add_argument("--sumy", type=int, default=0)
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args()
    length = Length()
    if asked.learn:
        whole = applications("development", 10**6)
        learn([*whole, *(d.model_copy(update={"sections": ()}) for d in whole if d.claims), *chinese_claims("development")], length)
        return
    documents = applications(asked.which, asked.documents)
    options = (length, asked.sumy, asked.processes)
    measure(f"US applications, {asked.which}", documents, *options)
    chinese = [document for document in read(DATA / CHINESE) if isinstance(document, PatentDocument) and document.abstract]
    measure("CNIPA applications (few)", chinese, *options)
    measure(f"KPPatent-ZH, claims alone, {asked.which}", chinese_claims(asked.which), *options)
    measure(f"US applications, claims alone, {asked.which}", [d.model_copy(update={"sections": ()}) for d in documents if d.claims], *options)


if __name__ == "__main__":
    main()
