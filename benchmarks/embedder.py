"""The tuned encoder, from the shared data: PYTHONPATH=. python benchmarks/embedder.py align|contrast|project|pack|evaluate WORKDIR [--settings JSON]

align       the Chinese tokens, and their rows drawn to what the untuned encoder makes of the English: WORKDIR/aligned
contrast    from there, low-rank adapters on pairs of English, Chinese and both: WORKDIR/tuned. Some 25 CPU minutes
project     a linear map over the vectors of --start (WORKDIR/aligned), from the same pairs: WORKDIR/projection.npy. A minute without the encoding
pack        the adapter of WORKDIR/tuned or, with --model aligned, of WORKDIR/aligned, into --out
evaluate    encoders beside each other, each alone with exact search, on the sets of `retrieval_sets`

What was interrupted goes on from its last checkpoint. Learned from: CC-BY, MIT and public-domain texts alone
(`index/encoder/patent/MODEL_CARD.md`). Kept away is everything that is measured on: of sets with two halves only four fifths of the development
half are learned from, the fifth is for choosing; nothing of the tenth of `us_ipc` that is held out; no document of the question set; and no text
that shares a fifth of its runs of words with any of these.
"""

import argparse
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from collection import DATA, KEYPHRASES, keyphrase_documents
from retrieval import in_part, mean, measured
from retrieval_metrics import interval
from retrieval_sets import (
    APPLICATION_PARTS,
    APPLICATIONS,
    QUESTIONS,
    RetrievalSet,
    _files,
    _hashed,
    _rows,
    _triples,
    load_sets,
    part_of,
    place,
    us_patents,
)
from retrieval_support import supporting_paragraphs
from retrieval_systems import Systems
from retrieval_vectors import VectorCache

from finetune.retrieval import pairs as made
from finetune.retrieval.adapter import write_adapter
from finetune.retrieval.embedder import align, contrast
from finetune.retrieval.negatives import with_negatives
from finetune.retrieval.pairs import Excluded, Pair, Placed, hash_of, sampled
from finetune.retrieval.projection import Places, VectorPairs, project
from finetune.retrieval.settings import Projection, SeededTuning
from finetune.retrieval.vocabulary import chinese_tokens, extended
from index import load_encoder
from index.bilingual import gloss
from index.bilingual.dictionary import phrases
from index.encoder import DEFAULT_ENCODER, PATENT_ENCODER
from index.encoder.source import model_folder
from ingest import PatentDocument, SchemeEntry, Symbol, read
from ingest.schemes.scheme import Given
from ingest.schemes.title_list import read_title_list

CHOOSING = 5
"""A fifth of the development half is kept for choosing."""
ALIGNED = {"titles": 12_000, "paths": 1_000, "sentences": 6_000}
"""Texts of each kind at most."""
PAIRS = {
    "same-place": 2600, "title-abstract en": 1500, "sentence-text en": 1500, "title-claims en": 500,
    "keyphrases-abstract zh": 1300, "sentence-text zh": 1300,
    "entries en-zh": 2000, "gloss": 1000, "title gloss": 1500,
}  # fmt: skip
"""Pairs of each kind at most; of the others all."""
PLACED = 6000
PROJECTED = 2500
"""Pairs of a kind for the projection."""
DENSE = (
    "title-claims", "paper-passages", "claim-support", "ipc-subclass", "ipc-group", "neighbours-subclass", "neighbours-group", "questions-en",
    "zh-title-claims", "en-zh", "zh-en", "en-zh-title", "zh-en-title", "questions-zh", "questions-en-zh",
)  # fmt: skip
ENGLISH = 8
"""The first of these are English."""


# -- what may be learned from


@dataclass(frozen=True)
class Corpus:
    """`chinese` are texts, `entries` the English entries of the IPC by place, `titles` the Chinese ones with their whole path."""

    pairs: list[Pair]
    chinese: list[str]
    titles: list[tuple[str, str]]
    entries: dict[str, SchemeEntry]


def learnable(identity: str) -> bool:
    return part_of(identity) == "development" and hash_of(f"choose {identity}") % CHOOSING != 0


def corpus() -> Corpus:
    excluded, asked_about = _excluded()

    def kept(documents: Sequence[PatentDocument], halves: bool) -> list[PatentDocument]:
        return [d for d in documents if (not halves or (learnable(d.number) and d.number not in asked_about)) and not excluded.document(d)]

    entries = _english_entries()
    pairs = [*_patent_pairs(kept(us_patents(), False), entries), *_application_pairs(kept(_applications(), True))]
    chinese: list[str] = []
    for document in kept(list(keyphrase_documents()), True):
        for some in (made.title_claims, made.title_abstract, made.abstract_claims, made.sentence_abstract):
            pairs += some(document)
        chinese += [document.title, document.abstracts["zh"], *(c.text for c in document.claims[:10])]
    for document, words in _keyphrase_training():
        if not excluded.document(document):
            pairs += [*made.keyphrases(words, document), *made.sentence_abstract(document)]
            chinese.append(document.abstracts["zh"])
    for number, both in _triples().items():
        document = PatentDocument(
            number=number, language="en", titles={k: v[0] for k, v in both.items()}, abstracts={k: v[1] for k, v in both.items()}
        )
        if learnable(number) and not excluded.document(document):
            pairs += made.languages(document)
    titles = []
    for entry in _chinese_entries():
        titles.append((entry.title, entry.text))
        level = Symbol(entry.symbol).level
        if level in ("subclass", "main group") and (english := entries.get(place(entry.symbol, level))):
            pairs.append(Pair("entries en-zh", english.title, entry.title, entry.symbol))
    found = [p for p in dict.fromkeys(pairs) if p.anchor.strip() and p.positive.strip()]
    return Corpus(found, chinese, titles, entries)


def _excluded() -> tuple[Excluded, set[str]]:
    """What is measured on, and the numbers of the documents that questions are about."""
    asked_about: set[str] = set()
    texts: list[str] = []
    for part in ("development", "test"):
        for row in map(json.loads, (QUESTIONS / f"{part}.jsonl").read_text("utf-8").splitlines()):
            asked_about |= {anchor.split("#")[0] for anchor in row.get("gold", [])}
            texts.append(row["question"])
    held_out = {d.number for d in us_patents() if _hashed(f"held out {d.number}") % 10 == 0}
    texts += [made.whole(d) for d in us_patents() if d.number in held_out]
    texts += [text for number, both in _triples().items() if not learnable(number) for each in both.values() for text in each]
    for document in (*keyphrase_documents(), *_applications()):
        if not learnable(document.number) or document.number in asked_about:
            texts += [*document.abstracts.values(), *(c.text for c in document.claims[:3])]
    return Excluded(asked_about | held_out, texts), asked_about


@cache
def _applications() -> tuple[PatentDocument, ...]:
    found = []
    for part in range(APPLICATION_PARTS):
        for outcome in read([DATA / APPLICATIONS.format(part)]):
            if not isinstance(outcome, PatentDocument):
                raise ValueError(f"an application could not be read: {outcome}")
            found.append(outcome)
    return tuple(found)


def _keyphrase_training() -> Iterator[tuple[PatentDocument, list[str]]]:
    for count, row in enumerate(_rows(KEYPHRASES.replace("test", "train")), start=1):
        abstract = row["input"].strip().removeprefix("摘要：")
        yield PatentDocument(number=f"KPT{count:04d}", language="zh", abstracts={"zh": abstract}), re.split("[,，]", row["output"])


def _english_entries() -> dict[str, SchemeEntry]:
    found, given = {}, Given()
    for data in _files(DATA / "ipc/titles/20220101"):
        for entry in read_title_list(data, given):
            if isinstance(entry, SchemeEntry) and (level := Symbol(entry.symbol).level) in ("subclass", "main group"):
                found[place(entry.symbol, level)] = entry
    return found


def _chinese_entries() -> Iterator[SchemeEntry]:
    import gzip

    given = Given()
    data = gzip.decompress((DATA / "ipc/ipc_2026_zh.tsv.gz").read_bytes())
    yield from (entry for entry in read_title_list(data, given) if isinstance(entry, SchemeEntry))


def _first(document: PatentDocument, level: str) -> str:
    return place(document.classifications[0].symbol, level) if document.classifications and document.classifications[0].first else ""


def _patent_pairs(documents: Sequence[PatentDocument], entries: Mapping[str, SchemeEntry]) -> Iterator[Pair]:
    for document in documents:
        for level in ("subclass", "main group"):
            if entry := entries.get(_first(document, level)):
                yield from made.entry(document, entry.text, level)
        yield from made.title_abstract(document)
    yield from made.same_place(documents, lambda d: _first(d, "main group"))


def _application_pairs(documents: Sequence[PatentDocument]) -> Iterator[Pair]:
    papers = {row["patent_id"]: row for row in _rows("us_applications/paper_queries.jsonl.gz")}
    for document in documents:
        paper = papers[document.number]
        both = f"{paper['paper_title']}\n{paper['paper_abstract']}"
        for claim in [c for c in document.claims if not c.depends_on and len(c.text) > 40][:3]:
            yield Pair("paper-claims", paper["paper_title"], claim.text, document.number)
        paragraphs = [p.text for s in document.sections for p in s.paragraphs if len(p.text) > 200]
        for text in sorted(paragraphs, key=hash_of)[:2]:
            yield Pair("paper-paragraph", both, text, document.number)
        for some in (made.title_abstract, made.title_claims, made.abstract_claims):
            yield from some(document)
        yield from made.claim_paragraphs(document, supporting_paragraphs, 5)
        yield from made.sentence_paragraphs(document, 10)


# -- learning


def learn_rows(work: Path, settings: SeededTuning) -> None:
    known = corpus()
    lexicon = phrases()
    tokens = chinese_tokens([*known.chinese * 2, *(title for title, _ in known.titles)], settings.words, settings.least, lexicon.get)
    model, ids = extended(model_folder(DEFAULT_ENCODER), tokens, gloss)
    base = VectorCache(work / "vectors", load_encoder(DEFAULT_ENCODER))

    def some(texts: Sequence[str], most: int) -> list[str]:
        return sorted(dict.fromkeys(texts), key=hash_of)[:most]

    kinds = {
        "words": tokens,
        "titles": some([title for title, _ in known.titles if 4 <= len(title) <= 60], ALIGNED["titles"]),
        "paths": some([path for _, path in known.titles if 60 < len(path) <= 160], ALIGNED["paths"]),
        "sentences": some([s for text in known.chinese for s in re.split("[。；]", text) if 10 < len(s) < 80], ALIGNED["sentences"]),
        "texts": [text for text in known.chinese if len(text) >= 80],
    }
    texts = {}
    for kind, written in kinds.items():
        english = {text: found for text in written if (found := gloss(text))}
        texts[kind] = (list(english), base.encode(list(english.values())))
    for kind in ("abstracts en-zh", "titles en-zh"):
        pairs = [p for p in known.pairs if p.kind == kind]
        texts[kind] = ([p.positive for p in pairs], base.encode([p.anchor for p in pairs]))
    print({kind: len(found) for kind, (found, _) in texts.items()}, len(tokens), "tokens", flush=True)
    align(model, ids, texts, work / "aligned-steps", settings)
    _save(model, tokens, ids, work / "aligned")


def learn_pairs(work: Path, settings: SeededTuning) -> None:
    from index.encoder.conversion import load_transformer

    known = corpus()
    tokens, ids = json.loads((work / "aligned" / "tokens.json").read_text("utf-8"))
    encoder = VectorCache(work / "vectors", load_encoder(DEFAULT_ENCODER))
    by_kind: dict[str, list[Pair]] = {}
    for pair in (*known.pairs, *_glossed(known, settings.seed)):
        kind = "languages" if re.search("(en-zh|zh-en)$", pair.kind) and not pair.kind.startswith("entries") else pair.kind
        by_kind.setdefault(kind, []).append(Pair(kind, pair.anchor, pair.positive, pair.family))
    chosen = {kind: sampled(some, PAIRS.get(kind, len(some)), settings.seed) for kind, some in by_kind.items()}
    placed = _placed(chosen.pop("document-subclass"), chosen.pop("document-main group"), known.entries, encoder.encode, settings)
    of = {p.positive: p.family for p in chosen["paper-claims"]}
    chosen["paper-claims"] = with_negatives(chosen["paper-claims"], encoder.encode, settings.negatives, lambda p, text: of[text] != p.family)
    pairs = [p for some in chosen.values() for p in some]
    print({kind: len(some) for kind, some in chosen.items()}, len(placed), "placed", flush=True)
    model = load_transformer(work / "aligned", "mean")
    contrast(model, ids, pairs, placed, work / "tuned-steps", settings)
    _save(model, tokens, ids, work / "tuned")


def _glossed(known: Corpus, seed: int) -> list[Pair]:
    """So that Chinese stays where its English goes."""
    texts = [Pair("gloss", text, gloss(text), text[:40]) for text in sorted(known.chinese, key=hash_of)[: PAIRS["gloss"]] if len(text) > 60]
    titles = sorted((path for _, path in known.titles if 8 < len(path) < 80), key=hash_of)[: PAIRS["title gloss"]]
    return [p for p in (*texts, *(Pair("title gloss", t, gloss(t), t) for t in titles)) if p.positive]


def _placed(
    wide: Sequence[Pair],
    narrow: Sequence[Pair],
    entries: Mapping[str, SchemeEntry],
    encode: Callable[[Sequence[str]], np.ndarray],
    settings: SeededTuning,
) -> list[Placed]:
    """Documents with their subclass and main group; the hard negatives are the subclass that the untuned encoder takes them for, and a sister
    group."""
    codes = {d.number: {place(c.symbol, level) for c in d.classifications for level in ("subclass", "main group")} for d in us_patents()}
    places: dict[str, set[str]] = {}
    sisters: dict[str, list[str]] = {}
    for name, entry in sorted(entries.items()):
        places.setdefault(entry.text, set()).add(name)
        sisters.setdefault(name.split()[0], []).append(name)
    subclasses = [text for text, names in places.items() if any(" " not in n for n in names)]
    some = sampled(wide, PLACED, settings.seed)
    mined = with_negatives(some, encode, 1, lambda p, text: not places[text] & codes[p.family], subclasses, share=np.inf)
    groups = {p.family: p for p in narrow}
    found = []
    for pair in mined:
        group = groups.get(pair.family)
        own = next((n for n in sorted(places[group.positive]) if n in codes[pair.family] and " " in n), "") if group else ""
        others = [n for n in sisters.get(own.split(" ")[0], []) if n not in codes[pair.family] and " " in n]
        if group and pair.negatives and others:
            other = entries[others[hash_of(pair.family) % len(others)]].text
            found.append(Placed(pair.anchor, pair.positive, pair.negatives[0], group.positive, other, pair.family))
    return found


def learn_projection(work: Path, start: str, settings: Projection) -> None:
    known = corpus()
    encoder = VectorCache(work / "vectors", load_encoder(start, languages=None if start == DEFAULT_ENCODER else ("en", "zh")))
    codes = {made.whole(d): [c.symbol for c in d.classifications] for d in us_patents()}
    levels = []
    for level in ("subclass", "main group"):
        asked = [p.anchor for p in known.pairs if p.kind == f"document-{level}"]
        names = [name for name, entry in known.entries.items() if Symbol(entry.symbol).level == level]
        number = {name: i for i, name in enumerate(names)}
        of = [list(dict.fromkeys(number[found] for c in codes[text] if (found := place(c, level)) in number)) for text in asked]
        levels.append(Places(encoder.encode(asked), encoder.encode([known.entries[name].text for name in names]), of))
    by_kind: dict[str, list[Pair]] = {}
    for pair in known.pairs:
        if not pair.kind.startswith("document-"):
            by_kind.setdefault(pair.kind, []).append(pair)
    pairs = {}
    for kind, found in by_kind.items():
        some = sampled(found, PROJECTED, settings.seed)
        pairs[kind] = VectorPairs(encoder.encode([p.anchor for p in some]), encoder.encode([p.positive for p in some]), [p.family for p in some])
    np.save(work / "projection.npy", project(levels, pairs, settings))


def _save(model: object, tokens: Sequence[str], ids: Sequence[int], folder: Path) -> None:
    model.max_seq_length = 256  # type: ignore[attr-defined]
    model.save_pretrained(str(folder), create_model_card=False)  # type: ignore[attr-defined]
    (folder / "tokens.json").write_text(json.dumps([list(tokens), list(ids)], ensure_ascii=False) + "\n", encoding="utf-8")


def pack(work: Path, model: str, out: Path, share: float, settings: SeededTuning) -> None:
    tokens, ids = json.loads((work / model / "tokens.json").read_text("utf-8"))
    projection = np.load(path) if (path := work / "projection.npy").exists() else None
    lost = write_adapter(model_folder(DEFAULT_ENCODER), work / model, tokens, ids, settings.contrast.rank, out, projection, share)
    size = sum(f.stat().st_size for f in out.iterdir())
    print(f"{out}: {size / 1e6:.1f} MB; lost by the rank at most {max(lost.values(), default=0.0):.4f} of a layer's change")


# -- measuring


class Dense(Systems):
    """The encoder of a name or folder alone."""

    def __init__(self, work: Path, encoder: str) -> None:
        super().__init__(work)
        languages = None if encoder in (DEFAULT_ENCODER, PATENT_ENCODER) else ("en", "zh")
        self.encoder = VectorCache(work / "vectors", load_encoder(encoder, languages=languages))


def evaluate(work: Path, encoders: Sequence[str], sets: Sequence[str], part: str, described: int) -> None:
    print("| set | n |", " | ".join(f"{Path(e).name}: nDCG@10 (95 %), hit@1" for e in encoders), "|\n|---|---|" + "---|" * len(encoders), flush=True)
    runs = [Dense(work, e) for e in encoders]
    averages: dict[str, list[list[float]]] = {"English": [[] for _ in runs], "Chinese and across": [[] for _ in runs]}
    for name in sets:
        (each,) = load_sets([name], described)
        asked = _asked(each, part)
        if not asked.queries:
            continue
        cells = []
        for i, run in enumerate(runs):
            values = measured(asked, run.rank("dense", asked))
            low, high = interval([v["nDCG@10"] for v in values.values()])
            averages["English" if name in DENSE[:ENGLISH] else "Chinese and across"][i].append(mean(values, "nDCG@10"))
            cells.append(f"{mean(values, 'nDCG@10'):.3f} ({low:.3f}-{high:.3f}), {mean(values, 'hit@1'):.3f}")
        print(f"| {name} | {len(asked.queries)} |", " | ".join(cells), "|", flush=True)
    for label, found in averages.items():
        if found[0]:
            print(f"| {label}, mean | |", " | ".join(f"{np.mean(f):.3f} ({np.mean(f) / np.mean(found[0]) - 1:+.1%})" for f in found), "|")


def _asked(retrieval_set: RetrievalSet, part: str) -> RetrievalSet:
    """The queries of a part; `choosing` is the fifth of the development half that nothing is learned from."""
    found = in_part(retrieval_set, "development" if part == "choosing" else part)
    if part != "choosing" or retrieval_set.name.startswith(("ipc", "neighbours", "questions")):
        return found
    from dataclasses import replace

    return replace(found, queries=tuple(q for q in found.queries if not learnable(q.id)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["align", "contrast", "project", "pack", "evaluate"])
    parser.add_argument("work", type=Path)
    parser.add_argument("--settings", default='{"align": {"epochs": 0.6}}', help="SeededTuning, as JSON")
    parser.add_argument("--start", help="the encoder that `project` starts from; WORKDIR/aligned")
    parser.add_argument("--model", default="tuned", choices=["aligned", "tuned"])
    parser.add_argument("--out", type=Path, help="folder of the adapter; WORKDIR/adapter")
    parser.add_argument("--share", type=float, default=1, help="of the way from the base's layers to the tuned ones, for `pack`")
    parser.add_argument("--encoders", default=f"{DEFAULT_ENCODER},{PATENT_ENCODER}", help="names or folders")
    parser.add_argument("--sets", default=",".join(DENSE))
    parser.add_argument("--part", default="test", choices=["choosing", "development", "test"])
    parser.add_argument("--described", type=int, default=1)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    settings = SeededTuning.model_validate_json(options.settings)
    if options.command == "align":
        learn_rows(options.work, settings)
    elif options.command == "contrast":
        learn_pairs(options.work, settings)
    elif options.command == "project":
        learn_projection(options.work, options.start or str(options.work / "aligned"), Projection(seed=settings.seed))
    elif options.command == "pack":
        pack(options.work, options.model, options.out or options.work / "adapter", options.share, settings)
    else:
        evaluate(options.work, options.encoders.split(","), options.sets.split(","), options.part, options.described)


if __name__ == "__main__":
    main()
