"""The settings of the stage that makes or extends a tokenizer."""

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from finetune.settings import Settings, StageSettings


class NewModel(Settings):
    """A model of random weights. `prepared`: weights from which looking up and copying are learned in a tenth of the time (Qwen2, four layers or
    more, six heads)."""

    architecture: Literal["qwen2", "qwen3", "llama"] = "qwen2"
    hidden: int = Field(default=256, ge=16)
    layers: int = Field(default=4, ge=1)
    heads: int = Field(default=4, ge=1)
    key_value_heads: int = Field(default=4, ge=1)
    inner: int = Field(default=768, ge=16)
    context: int = Field(default=2048, ge=64)
    prepared: bool = False

    @model_validator(mode="after")
    def _fits(self) -> "NewModel":
        if self.hidden % self.heads or self.heads % self.key_value_heads:
            raise ValueError("hidden must be a multiple of heads, and heads of key_value_heads")
        if self.prepared and (self.architecture != "qwen2" or self.layers < 4 or self.heads != 6 or self.key_value_heads != 6 or self.hidden < 96):
            raise ValueError("prepared weights need qwen2, hidden 96 or more, 4 layers or more, 6 heads and 6 key_value_heads")
        return self


class TokenizerSettings(StageSettings):
    """Without `base` a new byte-level BPE of `tokens` tokens; with it, `base` (a tokenizer, or a model with one) gets up to `tokens` more, learned
    by going on with its merges, and a model's embeddings for them begin as the mean of their pieces'.

    `corpus` are folders of a corpus stage or JSON-lines files with `text` or `messages`; at most `characters` of them are read. A token is added
    where it stands `least` times or more, and has at most `longest` characters. `prompts`: the lines of the tasks' instructions, which never change,
    become single tokens, for small models. `model` makes new weights, where there is no base.
    """

    kind: Literal["tokenizer"]
    base: Path | None = None
    corpus: tuple[Path, ...] = Field(min_length=1)
    tokens: int = Field(default=8000, ge=1)
    characters: int = Field(default=50_000_000, ge=1000)
    least: int = Field(default=20, ge=1)
    longest: int = Field(default=12, ge=2)
    prompts: bool = False
    model: NewModel | None = None

    @model_validator(mode="after")
    def _one_of(self) -> "TokenizerSettings":
        if self.base and self.model:
            raise ValueError("base and model exclude each other: a model's weights are extended, or new ones made")
        if not self.base and self.tokens < 300:
            raise ValueError("tokens: a new tokenizer needs 300 at least (256 bytes and the marks of a chat)")
        return self
