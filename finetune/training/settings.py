"""The settings of the stage that trains."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from finetune.settings import Settings, StageSettings

Method = Literal["cpt", "sft", "dpo"]
Weights = Literal["full", "lora", "dora", "rslora", "qlora"]
Score = Literal["length", "labels", "depth", "loss"]


class Adapter(Settings):
    """Low-rank weights beside those of `targets` (names of modules; empty: all linear ones but the output). `save` are modules that are trained
    and kept whole, for an extended vocabulary `embed_tokens` and `lm_head`. `dropout` is a probability."""

    rank: int = Field(default=16, ge=1)
    alpha: float = Field(default=32, gt=0)
    dropout: float = Field(default=0.0, ge=0, lt=1)
    targets: tuple[str, ...] = ()
    save: tuple[str, ...] = ()


class Curriculum(Settings):
    """The order of the examples, easy ones first.

    `score`: what makes an example difficult; with several the mean of its ranks. `length` in tokens; `labels`, how many values the reply has;
    `depth` of the deepest classification symbol that it names (section 1 to subgroup 5); `loss` per token by `model`.
    `schedule`: `ordered` by difficulty; `staged`, in `buckets` of equal size, shuffled inside; `paced` (Platanios et al. 2019,
    arXiv:1903.09848, the square root): at time t any example among the easiest share min(1, sqrt(t (1 - start²) / horizon + start²)), where t
    and `horizon` are shares of the training; `shuffle`, none.
    """

    schedule: Literal["shuffle", "ordered", "paced", "staged"] = "shuffle"
    score: tuple[Score, ...] = ("length",)
    model: Path | None = None
    buckets: int = Field(default=3, ge=2)
    start: float = Field(default=0.1, gt=0, le=1)
    horizon: float = Field(default=0.7, gt=0, le=1)

    @model_validator(mode="after")
    def _measurable(self) -> "Curriculum":
        if not self.score or len(set(self.score)) < len(self.score):
            raise ValueError("score: one or more of length, labels, depth and loss, each once")
        if self.schedule != "shuffle" and ("loss" in self.score) != (self.model is not None):
            raise ValueError("the score loss needs a model, and a model is for nothing else; give both or neither")
        return self


class Preferences(Settings):
    """Of DPO: `beta` holds the model to the reference, `loss` is one of TRL's."""

    beta: float = Field(default=0.1, gt=0)
    loss: Literal["sigmoid", "hinge", "ipo", "exo_pair", "nca_pair", "robust", "apo_zero", "apo_down", "sigmoid_norm"] = "sigmoid"
    label_smoothing: float = Field(default=0.0, ge=0, lt=0.5)


class Distributed(Settings):
    """More than one process, each with a device of its own, started by accelerate. `strategy`: `ddp` keeps all on every device, `fsdp` and
    `deepspeed` (ZeRO-3) cut weights, gradients and the optimizer's state into as many parts; `offload`: parameters rest in the memory of the CPU."""

    processes: int = Field(ge=2)
    machines: int = Field(default=1, ge=1)
    strategy: Literal["ddp", "fsdp", "deepspeed"] = "fsdp"
    offload: bool = False


class Hardware(Settings):
    """For which the time is told: the peak of one device in 10¹² bf16 operations a second (312: NVIDIA A100 without sparsity), the share of it that
    training reaches, and the memory of one device in GiB."""

    name: str = "A100 80 GB"
    peak: float = Field(default=312.0, gt=0)
    utilization: float = Field(default=0.4, gt=0, le=1)
    memory: float = Field(default=80.0, gt=0)


class TrainSettings(StageSettings):
    """`method`: `cpt` on rows with `text`, `sft` on rows with `messages`, `dpo` on rows with `prompt`, `chosen` and `rejected`. `data` and `held_out`
    are JSON-lines files (.jsonl, .jsonl.gz) or the folders of a corpus or instructions stage, in which the files for the method have their names.

    `window` is the longest sequence, in tokens. A step sees `batch` windows (DPO: pairs) on each device, `accumulate` times. `steps` takes the place
    of `epochs`. What is longer than the window: `long` (cpt: split; sft and dpo: drop, counted; or an error).
    `learning_rate` rises over the share `warmup` of the steps; `clip` is the largest norm of the gradients.
    `emphasis` (cpt, sft): by a regular expression how much more a token weighs whose whole text it matches, such as the numbers that point at
    sentences: a small model learns them sooner so.
    `precision`: bf16 by autocast where the machine computes in it (auto), or not. `dtype`: of the weights in memory, by default float32 for those
    that are trained, and on a GPU bfloat16 for those beside which an adapter is trained. `checkpointing`: activations are computed twice and
    not kept; auto: where they would not fit.
    `evaluate_every` and `save_every` are in steps, 0: evaluated at the beginning and the end only, and saved at the end. At most `held_out_rows`
    rows are measured. `log_every` is in steps.
    `fit`: whether a training that won't fit is refused. `memory` is the memory to count on in GiB, by default what is free.
    `expected_tokens`: of the data in all epochs, for the time that is told where the data is not on this machine.
    """

    kind: Literal["train"]
    method: Method
    model: Path
    data: tuple[Path, ...] = Field(min_length=1)
    held_out: tuple[Path, ...] = ()
    weights: Weights = "full"
    adapter: Adapter = Adapter()
    chat_template: Path | None = None
    window: int = Field(default=1024, ge=8)
    batch: int = Field(default=4, ge=1)
    accumulate: int = Field(default=1, ge=1)
    epochs: float = Field(default=1.0, gt=0)
    steps: int | None = Field(default=None, ge=1)
    long: Literal["split", "drop", "error"] | None = None
    learning_rate: float = Field(default=2e-5, gt=0)
    decay: Literal["cosine", "linear", "constant"] = "cosine"
    warmup: float = Field(default=0.03, ge=0, lt=1)
    weight_decay: float = Field(default=0.0, ge=0)
    beta2: float = Field(default=0.999, gt=0, lt=1)
    clip: float = Field(default=1.0, gt=0)
    precision: Literal["auto", "bf16", "float32"] = "auto"
    dtype: Literal["auto", "float32", "bfloat16"] = "auto"
    checkpointing: Literal["auto", "on", "off"] = "auto"
    device: Literal["auto", "cpu"] = "auto"
    threads: int | None = Field(default=None, ge=1)
    emphasis: dict[str, float] = Field(default_factory=dict)
    curriculum: Curriculum = Curriculum()
    preferences: Preferences = Preferences()
    evaluate_every: int = Field(default=0, ge=0)
    held_out_rows: int = Field(default=500, ge=1)
    save_every: int = Field(default=500, ge=0)
    log_every: int = Field(default=1, ge=1)
    fit: Literal["check", "ignore"] = "check"
    memory: float | None = Field(default=None, gt=0)
    distributed: Distributed | None = None
    hardware: Hardware = Hardware()
    expected_tokens: int | None = Field(default=None, ge=1)

    @property
    def overlong(self) -> str:
        return self.long or ("split" if self.method == "cpt" else "drop")

    @model_validator(mode="after")
    def _goes_together(self) -> "TrainSettings":
        if self.long == "split" and self.method != "cpt":
            raise ValueError("long: only texts are split (cpt); an example of instructions or a pair is dropped, or is an error")
        if self.method == "cpt" and self.curriculum.schedule != "shuffle" and {"labels", "depth"} & set(self.curriculum.score):
            raise ValueError("curriculum: texts have no labels and no depth; use length or loss")
        if self.method == "dpo" and self.curriculum.schedule != "shuffle" and "loss" in self.curriculum.score:
            raise ValueError("curriculum: the score loss is for cpt and sft; use length, labels or depth for pairs")
        if self.precision == "float32" and self.weights == "qlora":
            raise ValueError("precision: qlora computes in bf16; leave it auto")
        if self.method == "dpo" and self.emphasis:
            raise ValueError("emphasis: pairs are weighed as wholes; leave it out")
        for pattern, weight in self.emphasis.items():
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"emphasis: {pattern!r} is no regular expression: {error}") from error
            if weight <= 0:
                raise ValueError(f"emphasis: {pattern!r}: a weight is more than 0")
        if self.steps is not None and self.epochs != 1.0:
            raise ValueError("steps and epochs exclude each other; give one")
        if self.distributed and self.distributed.strategy != "ddp" and self.weights == "qlora":
            raise ValueError("distributed: qlora goes with ddp; use lora with fsdp or deepspeed")
        return self
