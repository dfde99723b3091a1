"""The settings of the stage that exports a model."""

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from finetune.settings import Settings, StageSettings


class Card(Settings):
    """What the model card says that no record knows."""

    title: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    languages: tuple[str, ...] = ("en", "zh")
    about: str = ""
    credits: tuple[str, ...] = ()


class ExportSettings(StageSettings):
    """`trained` is a model, or an adapter, which is merged into its base (`base`, by default the one that it names).

    `delta`: the difference to the base, from which with the base the model is made again to the letter. `gguf`: the type that llama.cpp's
    converter is asked for, "" for none; `converter` is its `convert_hf_to_gguf.py`, by default the one on the PATH or in $LLAMA_CPP; without one
    the command is written down. `parity`: how far logits of the merged model may be from those of base and adapter. `evaluation` is the report of
    an evaluate stage, `data` are data cards: both are taken into the card.
    """

    kind: Literal["export"]
    trained: Path
    base: Path | None = None
    dtype: Literal["float32", "bfloat16", "float16"] = "bfloat16"
    delta: bool = False
    gguf: Literal["", "f32", "f16", "bf16", "q8_0"] = ""
    converter: Path | None = None
    parity: float = Field(default=0.05, gt=0)
    evaluation: Path | None = None
    data: tuple[Path, ...] = ()
    card: Card

    @model_validator(mode="after")
    def _delta_needs_a_base(self) -> "ExportSettings":
        if self.delta and self.base is None:
            raise ValueError("delta: name the base to take the difference to")
        return self
