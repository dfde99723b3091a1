"""The settings of the stage that evaluates models."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from finetune.settings import StageSettings


class EvaluateSettings(StageSettings):
    """`models` by name, the base first: a model, or an adapter on the base that it names. `held_out` are files of an instructions stage.

    At most `most` examples of each task and language are asked, chosen by a hash of the example; of `tasks`, or of all there are. Replies are
    held to their schemas where `guided`. `majority` are training rows: from them comes the reply that is most often right, as a baseline.
    Intervals are of 95 %, by `resamples` of the examples. `texts` are files of a corpus stage, for the loss per byte of every model.
    """

    kind: Literal["evaluate"]
    models: dict[str, Path] = Field(min_length=1)
    held_out: tuple[Path, ...] = Field(min_length=1)
    majority: tuple[Path, ...] = ()
    texts: tuple[Path, ...] = ()
    tasks: tuple[str, ...] = ()
    most: int = Field(default=100, ge=1)
    engine: Literal["transformers", "vllm"] = "transformers"
    guided: bool = True
    max_tokens: int = Field(default=512, ge=8)
    batch: int = Field(default=16, ge=1)
    resamples: int = Field(default=1000, ge=100)
