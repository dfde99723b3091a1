"""The stages `embedder` and `reranker`: an encoder tuned on pairs from documents, and a cross-encoder that ranks its first hits again."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from finetune.bases.tiny import base_encoder
from finetune.errors import DataError, StageError
from finetune.retrieval.base import adapter_of, encode_by, languages_of, name_of, trainable
from finetune.retrieval.card import write_card, write_report
from finetune.retrieval.chinese import Rows, lacks_chinese, with_chinese
from finetune.retrieval.embedder import contrast
from finetune.retrieval.gathering import Gathered, chinese_of, gathered, kept, write_json
from finetune.retrieval.negatives import Encode, with_negatives
from finetune.retrieval.pairs import Pair, Placed, hash_of
from finetune.retrieval.placing import NARROW, WIDE, placed
from finetune.retrieval.ranked import Known, asked, mean, measured
from finetune.retrieval.reranker import FIRST, LOSSES, Ranked, train
from finetune.retrieval.rescoring import best_weight, compared, lists_of, scored
from finetune.retrieval.settings import EmbedderSettings, Pairs, RerankerSettings, SeededRanking, SeededTuning
from finetune.running import StageContext, digest
from index.encoder.conversion import load_transformer

_CHOOSING = 5
"""One of so many training families is kept for choosing the weight of the first stage."""
_DRY, _DRY_BATCH = 12, 4
"""Pairs of a kind, and of a batch, in a dry run."""
S = TypeVar("S", EmbedderSettings, RerankerSettings)


def make_embedder(settings: EmbedderSettings, context: StageContext) -> dict[str, Any]:
    """Writes `model/`, `adapter/`, `pairs.json`, `report.json` and `report.md`. Raises StageError, DataError, EncoderError."""
    settings = _sized(settings, context)
    tuning = SeededTuning(**{name: getattr(settings, name) for name in SeededTuning.model_fields if name != "seed"}, seed=context.seed)
    partial, steps = context.folder / "partial", context.folder / "checkpoints"
    base = base_encoder(context, settings.base)
    model = trainable(base, context)
    window, english_only = model.max_seq_length, lacks_chinese(model.tokenizer)
    found = gathered(settings, context)
    known = Known(found)
    untuned = encode_by(base, english_only)
    every = asked(found.held_out, (*found.held_out, *found.train), known, settings.measured, settings.pool, context.seed)
    context.tell(f"measuring the untuned encoder on {sum(len(e.queries) for e in every):,} queries of held-out families")
    before = kept(partial / "before.json", lambda: measured(every, untuned))
    pairs, places, too_few = _chosen(known, found, untuned, tuning, context) if tuning.contrast else ([], [], Counter[str]())
    rows: Rows = ([], [])
    if english_only and found.chinese:
        context.tell(f"learning Chinese tokens from {len(found.chinese):,} texts")
        model, rows = with_chinese(base, found, untuned, partial / "aligned", steps / "align", tuning, context.tell)
    elif not tuning.contrast:
        raise StageError(f"stage {context.name}: there is nothing to learn: the base has Chinese, or the documents have none, and contrast is null")
    losses: list[float] = []
    if tuning.contrast:
        context.tell(f"learning from {len(pairs):,} pairs and {len(places):,} documents with their places")
        losses = contrast(model, rows[1], pairs, places, steps / "contrast", tuning, context.tell)
    model.max_seq_length = window
    model.prompts, model.default_prompt_name = {}, None  # it was tuned without
    model.save_pretrained(str(context.folder / "model"), create_model_card=False)
    reads = languages_of(base, english_only)
    languages = (*reads, "zh") if rows[0] and "zh" not in reads else reads
    write_card(context.folder / "model", "An encoder", settings, name_of(settings.base, base), languages)
    after = measured(every, encode_by(context.folder / "model", english_only and not rows[0]))
    counts = {
        "documents": found.counts, "left_out": found.left_out, "fewer_than_a_batch": dict(too_few), "new_tokens": len(rows[0]),
        "train": _counts(found.train), "held_out": _counts(found.held_out), "learned": _counts(pairs), "places": len(places),
    }  # fmt: skip
    write_json(context.folder / "pairs.json", counts)
    report = {
        "base": name_of(settings.base, base), "base_sha256": digest(base / "model.safetensors"), "new_tokens": len(rows[0]),
        "first_loss": losses[0] if losses else None, "last_loss": losses[-1] if losses else None,
        "nDCG@10_before": mean(before, "nDCG@10"), "nDCG@10_after": mean(after, "nDCG@10"),
        "hit@1_before": mean(before, "hit@1"), "hit@1_after": mean(after, "hit@1"),
        **adapter_of(base, context.folder, rows, tuning.contrast.rank if tuning.contrast else 1),
    }  # fmt: skip
    kinds = {kind: {"before": before[kind], "after": after[kind]} for kind in before}
    write_report(context.folder, "The encoder, untuned and tuned", report, kinds, ("before", "after"), ("nDCG@10", "hit@1"))
    return {**report, "pairs": len(pairs), "places": len(places), "left_out": found.left_out, "fewer_than_a_batch": dict(too_few)}


def make_reranker(settings: RerankerSettings, context: StageContext) -> dict[str, Any]:
    """Writes `model/`, `lists.json`, `report.json` and `report.md`. Raises StageError, DataError, EncoderError."""
    settings = _sized(settings, context)
    ranking = SeededRanking(**{name: getattr(settings, name) for name in SeededRanking.model_fields if name != "seed"}, seed=context.seed)
    base = base_encoder(context, settings.base)
    english_only = lacks_chinese(load_transformer(base, "mean").tokenizer)
    found = gathered(settings, context)
    known, encode = Known(found), encode_by(base, english_only)

    def readable(pairs: Sequence[Pair]) -> list[Pair]:
        return [p for p in pairs if not english_only or not (chinese_of(p.anchor) or chinese_of(p.positive))]

    learned, held_out = readable(found.train), readable(found.held_out)
    if unread := len(found.train) + len(found.held_out) - len(learned) - len(held_out):
        context.tell(f"{unread:,} pairs with Chinese are left out, since the base has no tokens for it; give an encoder that has as base")
    pool = (*held_out, *learned)
    every = asked(held_out, pool, known, settings.measured, settings.pool, context.seed)
    if not every:
        raise DataError(f"stage {context.name}: no held-out pair is in a language that the base reads; give an encoder that does as base")
    choosing = [p for p in learned if hash_of(f"{context.seed} choosing {p.family}") % _CHOOSING == 0]
    training = [p for p in learned if hash_of(f"{context.seed} choosing {p.family}") % _CHOOSING]

    def ranked() -> Any:
        context.tell("the first hits of the encoder for the training queries")
        some = asked(training, training, known, settings.queries, settings.pool, context.seed)
        made = [(each.kind, row) for each in some for row in lists_of(each, encode, ranking)]
        return [[kind, row.query, row.right, list(row.wrong)] for kind, row in made]

    rows = kept(context.folder / "partial" / "lists.json", ranked)
    if not rows:
        raise DataError(
            f"stage {context.name}: no query has a right text and {ranking.wrong} wrong ones among its first {FIRST} hits; "
            "give more documents, or lower wrong"
        )
    kinds_learned = dict(sorted(Counter(row[0] for row in rows).items()))
    write_json(context.folder / "lists.json", {"lists": kinds_learned, "left_out": {**found.left_out, "pairs with Chinese": unread}})
    context.tell(f"learning from {len(rows):,} lists of {1 + ranking.wrong}")
    model = train(base, [Ranked(query, right, tuple(wrong)) for _, query, right, wrong in rows], context.folder, ranking, context.tell)
    write_card(context.folder / "model", "A reranker", settings, name_of(settings.base, base), languages_of(base, english_only))
    weight = best_weight([scored(model, each, encode) for each in asked(choosing, pool, known, settings.measured, settings.pool, context.seed)])
    context.tell(f"ranking again the hits of {sum(len(e.queries) for e in every):,} queries of held-out families")
    kinds, seconds = compared([scored(model, each, encode) for each in every], weight)
    before_all, after_all = (mean({kind: row[side] for kind, row in kinds.items()}, "nDCG@10") for side in ("encoder", "reranked"))
    losses = [entry["loss"] for entry in json.loads((context.folder / "checkpoints" / LOSSES).read_text(encoding="utf-8"))]
    report = {
        "base": name_of(settings.base, base), "lists": len(rows), "first_loss": losses[0] if losses else None,
        "last_loss": losses[-1] if losses else None, "weight": weight, "nDCG@10_encoder": before_all, "nDCG@10_reranked": after_all,
        "ms_a_query": round(1000 * seconds / sum(len(e.queries) for e in every), 1),
    }  # fmt: skip
    write_report(context.folder, f"The first {FIRST} hits of the encoder, and ranked again", report, kinds, ("encoder", "reranked"), ("nDCG@10",))
    return {**report, "left_out": found.left_out}


def _sized(settings: S, context: StageContext) -> S:
    """As they are; in a dry run a few pairs of each kind, a batch of them."""
    if not context.dry_run:
        return settings
    few = Pairs(**{name: min(most, _DRY) for name, most in dict(settings.pairs).items()})
    small: dict[str, Any] = {"pairs": few, "measured": _DRY, "pool": 100, "save_steps": 100, "log_steps": 1, "bf16": False}
    if isinstance(settings, EmbedderSettings):
        small |= {
            "words": min(settings.words, 20),
            "align": settings.align.model_copy(update={"batch": _DRY_BATCH, "epochs": 1.0, "texts": _DRY}),
            "contrast": settings.contrast and settings.contrast.model_copy(update={"batch": _DRY_BATCH, "epochs": 1.0, "rank": 4}),
        }
    else:
        small |= {"queries": _DRY, "wrong": 1, "batch": _DRY_BATCH, "epochs": 1.0}
    return settings.model_copy(update=small)


def _chosen(
    known: Known, found: Gathered, untuned: Encode, tuning: SeededTuning, context: StageContext
) -> tuple[list[Pair], list[Placed], Counter[str]]:
    """The pairs with hard negatives, the documents with their places, and how many there are of kinds that don't fill a batch. Raises DataError
    where none does."""
    pairs, places = _mined(known, found.train, found.names, untuned, tuning, context)
    batch = tuning.contrast.batch if tuning.contrast else 0
    pairs, too_few = _full(pairs, batch)
    if len(places) < batch:
        too_few["places"] += len(places)
        places = []
    if not pairs and not places:
        raise DataError(f"stage {context.name}: of no kind are there {batch} pairs, a batch; give more documents, or lower contrast.batch")
    return pairs, places, too_few


def _mined(
    known: Known, pairs: Sequence[Pair], names: Mapping[str, Sequence[str]], untuned: Encode, tuning: SeededTuning, context: StageContext
) -> tuple[list[Pair], list[Placed]]:
    """With hard negatives; made once."""

    def mine() -> Any:
        context.tell(f"looking for hard negatives of {len(pairs):,} pairs")
        found = []
        for kind in dict.fromkeys(p.kind for p in pairs if not p.kind.startswith((WIDE, NARROW))):
            some = [p for p in pairs if p.kind == kind]
            found += with_negatives(some, untuned, tuning.negatives, known.wrong) if tuning.negatives and len(some) > 1 else some
        places = placed(pairs, names, known, untuned)
        return {"pairs": [list(vars(p).values()) for p in found], "places": [list(vars(p).values()) for p in places]}

    made = kept(context.folder / "partial" / "negatives.json", mine)
    return [Pair(kind, anchor, positive, family, tuple(found)) for kind, anchor, positive, family, found in made["pairs"]], [
        Placed(*row) for row in made["places"]
    ]


def _full(pairs: Sequence[Pair], batch: int) -> tuple[list[Pair], Counter[str]]:
    """The pairs of kinds that fill a batch, in which no text stands twice, and how many there are of the others."""
    shapes: dict[tuple[str, int], list[Pair]] = {}
    for pair in pairs:
        shapes.setdefault((pair.kind, len(pair.negatives)), []).append(pair)
    full: list[Pair] = []
    short: Counter[str] = Counter()
    for (kind, _), some in shapes.items():
        if min(len({p.anchor for p in some}), len({p.positive for p in some})) >= batch:
            full += some
        else:
            short[kind] += len(some)
    return full, short


def _counts(pairs: Sequence[Pair]) -> dict[str, int]:
    return dict(sorted(Counter(p.kind for p in pairs).items()))
