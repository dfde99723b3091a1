"""The kinds of stages: where the settings of each are declared (light to import) and the function that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from finetune.running import StageContext
    from finetune.settings import StageSettings


@dataclass(frozen=True)
class Kind:
    """`settings` and `run` are `module:name`."""

    summary: str
    settings: str
    run: str

    def settings_class(self) -> "type[StageSettings]":
        found: type[StageSettings] = _named(self.settings)
        return found

    def function(self) -> "Callable[[StageSettings, StageContext], dict[str, Any]]":
        found: Callable[[StageSettings, StageContext], dict[str, Any]] = _named(self.run)
        return found


def _named(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


KINDS = {
    "corpus": Kind("Documents and IPC entries to a pre-training corpus.", "finetune.corpus.settings:CorpusSettings", "finetune.corpus.making:make"),
    "tokenizer": Kind(
        "A tokenizer, new or extended, and embeddings for it.", "finetune.tokenizer.settings:TokenizerSettings", "finetune.tokenizer.making:make"
    ),
    "instructions": Kind(
        "Supervised examples and preference pairs.",
        "finetune.instructions.settings:InstructionsSettings",
        "finetune.instructions.making:make",
    ),
    "train": Kind("Pre-training, instruction or preference tuning.", "finetune.training.settings:TrainSettings", "finetune.training.making:train"),
    "evaluate": Kind("Tuned against base, task by task.", "finetune.evaluation.settings:EvaluateSettings", "finetune.evaluation.making:evaluate"),
    "embedder": Kind(
        "An encoder, tuned on pairs from documents.", "finetune.retrieval.settings:EmbedderSettings", "finetune.retrieval.making:make_embedder"
    ),
    "reranker": Kind(
        "A cross-encoder that ranks first hits again.", "finetune.retrieval.settings:RerankerSettings", "finetune.retrieval.making:make_reranker"
    ),
    "export": Kind("Merged model, deltas, GGUF, model card.", "finetune.export.settings:ExportSettings", "finetune.export.making:export"),
}
