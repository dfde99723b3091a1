"""Tuning an encoder for patents: new tokens learn to say what their English says, then the encoder learns from pairs.

1. `align`: only the rows of the new tokens are trained. Each Chinese text is drawn to the vector that the untuned encoder has for its English (a
   translation, or the gloss), and away from those of the other texts of the batch.
2. `contrast`: low-rank adapters on all linear layers, and the rows, are trained on pairs: an anchor must be nearer to its positive than to those
of the other pairs of the batch and to the hard negatives (van den Oord et al. 2018; Karpukhin et al. 2020).

Both go on from their last checkpoint when interrupted, to the same weights. There is no dropout: making its random numbers takes more time on a
processor than the network itself, and one or two passes over the data don't overfit low-rank adapters.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from finetune.retrieval.pairs import Pair, Placed
from finetune.retrieval.settings import Contrast, SeededTuning

Tell = Callable[[str], None]


def align(
    model: Any, ids: Sequence[int], texts: Mapping[str, tuple[Sequence[str], np.ndarray]], out: Path, settings: SeededTuning, tell: Tell = print
) -> list[float]:
    """Train the rows `ids` so that texts get the directions of their targets (n, d), unit vectors. `texts` are both by kind, texts of like
    length being of one kind, since a batch holds one kind alone. The model is changed; returns the losses that were logged."""
    import torch
    from datasets import Dataset, DatasetDict
    from peft import TrainableTokensConfig

    chosen = settings.align
    _begin(model, out, chosen.tokens, settings.seed)
    model.add_adapter(TrainableTokensConfig(token_indices=list(ids), target_modules=["word_embeddings"]))

    class ToTarget(torch.nn.Module):
        """Cross entropy of the text's own target among those of the batch, and its cosine."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, features: Any, labels: Any) -> Any:
            found = self.model(next(iter(features)))["sentence_embedding"].float()
            found = torch.nn.functional.normalize(found, dim=1)
            wanted = labels.float()
            logits = found @ wanted.T * chosen.sharpness
            same = wanted @ wanted.T > 0.999  # the same gloss twice in a batch is no negative
            logits = logits.masked_fill(same & ~torch.eye(len(same), dtype=torch.bool), -torch.inf)
            own = torch.arange(len(found))
            return torch.nn.functional.cross_entropy(logits, own) + 2 * (1 - (found * wanted).sum(dim=1)).mean()

    data = DatasetDict({kind: Dataset.from_dict({"text": list(some), "label": list(targets)}) for kind, (some, targets) in texts.items()})
    losses = _run(model, data, ToTarget(), out, settings, chosen.epochs, chosen.batch, {"learning_rate": chosen.rate}, tell)
    _merge(model)
    return losses


def contrast(
    model: Any, ids: Sequence[int], pairs: Sequence[Pair], placed: Sequence[Placed], out: Path, settings: SeededTuning, tell: Tell = print
) -> list[float]:
    """Train adapters and the rows `ids` on the pairs, and on documents with their places. The model is changed, and whole again: what the
    adapters have learned is in its weights. Returns the losses that were logged."""
    from datasets import Dataset, DatasetDict
    from peft import LoraConfig
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    chosen = settings.contrast or Contrast()
    _begin(model, out, chosen.tokens, settings.seed)
    model.add_adapter(
        LoraConfig(
            r=chosen.rank,
            lora_alpha=chosen.alpha,
            target_modules=["query", "key", "value", "dense"],
            exclude_modules=["pooler.dense"],
            trainable_token_indices={"word_embeddings": list(ids)} if len(ids) else None,
        )
    )
    columns = _columns(pairs)
    ranking = MultipleNegativesRankingLoss(model, scale=chosen.sharpness, directions=("query_to_doc", "doc_to_query"), partition_mode="per_direction")
    losses: dict[str, Any] = dict.fromkeys(columns, ranking)
    if placed:
        columns["places"], losses["places"] = _placed_columns(placed), place_loss(model, chosen.sharpness)
    data = DatasetDict({kind: Dataset.from_dict(some) for kind, some in columns.items()})
    rates = {
        "learning_rate": chosen.rate,
        "learning_rate_mapping": {"token_adapter": chosen.row_rate} if len(ids) else {},
        "warmup_steps": chosen.warmup,
    }
    logged = _run(model, data, losses, out, settings, chosen.epochs, chosen.batch, rates, tell)
    _merge(model)
    return logged


def place_loss(model: Any, sharpness: float) -> Any:
    """The loss of documents that stand at two places of a classification, a wide and a narrow one: the text of each must be nearer than those of
    the other documents' places, and than the hard negatives. A document is encoded once for both; a place that is the document's own is never a
    negative."""
    import torch

    class PlaceLoss(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, features: Any, labels: Any) -> Any:
            document, wide, not_wide, narrow, not_narrow = (
                torch.nn.functional.normalize(self.model(f)["sentence_embedding"].float(), dim=1) for f in features
            )
            return self._side(document, wide, not_wide, labels[:, :1], labels[:, 1:2]) + self._side(
                document, narrow, not_narrow, labels[:, 2:3], labels[:, 3:]
            )

        def _side(self, document: Any, right: Any, wrong: Any, of_right: Any, of_wrong: Any) -> Any:
            logits = document @ torch.cat([right, wrong]).T * sharpness
            own = torch.eye(len(document), dtype=torch.bool)
            same = of_right == torch.cat([of_right, of_wrong]).T
            same[:, : len(document)] &= ~own
            return torch.nn.functional.cross_entropy(logits.masked_fill(same, -torch.inf), torch.arange(len(document)))

    return PlaceLoss()


def _placed_columns(placed: Sequence[Placed]) -> dict[str, list[Any]]:
    numbers: dict[str, int] = {}
    columns: dict[str, list[Any]] = {name: [getattr(p, name) for p in placed] for name in ("document", "wide", "not_wide", "narrow", "not_narrow")}
    columns["label"] = [[numbers.setdefault(t, len(numbers)) for t in (p.wide, p.not_wide, p.narrow, p.not_narrow)] for p in placed]
    return columns


def _columns(pairs: Sequence[Pair]) -> dict[str, dict[str, list[str]]]:
    """By kind, and by how many negatives the pairs have: the columns of a data set must all be there."""
    found: dict[str, dict[str, list[str]]] = {}
    for pair in pairs:
        columns = found.setdefault(f"{pair.kind} {len(pair.negatives)}".replace(" ", "_"), {})
        columns.setdefault("anchor", []).append(pair.anchor)
        columns.setdefault("positive", []).append(pair.positive)
        for i, negative in enumerate(pair.negatives, start=1):
            columns.setdefault(f"negative_{i}", []).append(negative)
    return found


def _begin(model: Any, out: Path, tokens: int, seed: int) -> None:
    """Write the model as it is at first, since a checkpoint holds the adapters alone and is put on what their settings name."""
    from transformers import set_seed

    set_seed(seed)  # adapters begin with random numbers
    still(model)
    for module in list(model)[1:]:
        module.requires_grad_(False)  # a projection after the pooling is in no checkpoint
    model.max_seq_length = tokens
    start = out / "start"
    if not start.exists():
        partial = out / "start.partial"
        model.save_pretrained(str(partial), create_model_card=False)
        partial.rename(start)
    model[0].auto_model.name_or_path = str(start)


def still(model: Any) -> None:
    """Take dropout out."""
    import torch

    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
        if hasattr(module, "dropout_prob"):
            module.dropout_prob = 0.0


def _batches(dataset: Any, batch_size: int, drop_last: bool, valid_label_columns: Any = None, generator: Any = None, seed: int = 0) -> Any:
    """Batches in which no text stands twice, since each is a negative of the others; of documents with places, whose loss knows the same place,
    any."""
    from sentence_transformers.base.sampler import DefaultBatchSampler, NoDuplicatesBatchSampler
    from torch.utils.data import RandomSampler

    if "wide" in dataset.column_names:
        return DefaultBatchSampler(RandomSampler(dataset, generator=generator), batch_size=batch_size, drop_last=drop_last)
    return NoDuplicatesBatchSampler(
        dataset, batch_size=batch_size, drop_last=drop_last, valid_label_columns=valid_label_columns, generator=generator, seed=seed
    )


def _run(
    model: Any, data: Any, loss: Any, out: Path, settings: SeededTuning, epochs: float, batch: int, more: Mapping[str, Any], tell: Tell
) -> list[float]:
    from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments
    from sentence_transformers.sentence_transformer.training_args import MultiDatasetBatchSamplers

    from finetune.retrieval.arguments import common, train

    arguments = SentenceTransformerTrainingArguments(
        **common(out, settings, epochs, batch),
        batch_sampler=_batches,
        multi_dataset_batch_sampler=MultiDatasetBatchSamplers.PROPORTIONAL,
        dataloader_drop_last=True,
        **more,
    )
    logged = train(SentenceTransformerTrainer(model=model, args=arguments, train_dataset=data, loss=loss), out, tell)
    (out / "losses.json").write_text(json.dumps(logged) + "\n", encoding="utf-8")
    return [entry["loss"] for entry in logged]


def _merge(model: Any) -> None:
    """Put what the adapters have learned into the weights, and take the adapters away."""
    body = model[0].auto_model
    for name, module in list(body.named_modules()):
        if name.endswith("token_adapter"):  # stands in a wrapper, which is met first
            continue
        layer = getattr(module, "token_adapter", module)
        if hasattr(layer, "merge") and hasattr(layer, "get_base_layer"):
            layer.merge()
            parent, _, last = name.rpartition(".")
            setattr(body.get_submodule(parent), last, layer.get_base_layer())
    body._hf_peft_config_loaded = False
    if hasattr(body, "peft_config"):
        del body.peft_config
