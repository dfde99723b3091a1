"""How a language model is used."""

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import SpecError


class ModelSettings(BaseModel):
    """The same names for every kind of model; those that a kind has no use for change nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    temperature: float = Field(default=0.0, ge=0, le=2, description="0 gives the likeliest reply, and the same one every time.")
    seed: int = Field(default=0, description="Of the choice among replies where the temperature is above 0.")
    max_tokens: int = Field(default=1024, ge=1, description="Of one reply.")
    context_length: int | None = Field(
        default=None,
        ge=64,
        description="Tokens of prompt and reply together; read from the model or the server, and needed only where that does not say.",
    )
    timeout: float = Field(default=300.0, gt=0, description="Seconds that a server may take for one reply.")
    retries: int = Field(default=3, ge=0, description="Of a request that a server failed, with growing pauses.")
    concurrency: int = Field(default=8, ge=1, description="Requests to a server at a time.")
    quantization: Literal["none", "4bit"] = Field(
        default="none", description="4bit loads a transformers model in four bits (NF4, bitsandbytes, a GPU)."
    )
    guided: bool = Field(default=True, description="Whether replies are held to their JSON schema while they are written.")
    gpus: int = Field(default=1, ge=1, description="Of tensor parallelism (vllm).")
    memory: float = Field(default=0.9, gt=0, le=1, description="Share of a GPU's memory that vllm takes.")

    def reply_tokens(self, context_length: int) -> int:
        """That are kept free for a reply: at most a quarter of the window."""
        return min(self.max_tokens, max(32, context_length // 4))

    @classmethod
    def parse(cls, given: Iterable[str]) -> "ModelSettings":
        """From `name=value` pairs. Raises SpecError that names all that is wrong."""
        pairs = [pair.partition("=") for item in given for pair in item.split()]
        try:
            return cls.model_validate({name: value for name, _, value in pairs})
        except ValidationError as error:
            wrong = "; ".join(f"{e['loc'][0]}: {e['msg'][0].lower()}{e['msg'][1:]}" for e in error.errors())
            raise SpecError(f"settings of the language model: {wrong}; there are {', '.join(cls.model_fields)}") from error
