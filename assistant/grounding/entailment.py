"""An entailment score for statements, by a model for natural language inference or fact checking that the user names.

Any sequence-classification model of transformers with two or three classes: one named `entailment` (also `supported`, `LABEL_1` of two),
and perhaps one named `contradiction`. The premise is the quotations, the hypothesis the statement.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.errors import LanguageModelError

_ENTAILS = ("entail", "support", "consistent", "label_1")
_CONTRADICTS = ("contradict", "refute")


@dataclass(frozen=True)
class Score:
    """Probabilities."""

    entailed: float
    contradicted: float


class Entailment:
    """Loaded when it is first asked. Raises LanguageModelError where the model can't be loaded or has no class for entailment."""

    def __init__(self, path: str) -> None:
        self.path = str(Path(path).expanduser())

    @cached_property
    def _loaded(self) -> tuple[Any, Any, int, int | None]:
        from transformers import AutoModelForSequenceClassification, AutoTokenizer
        from transformers.utils import logging

        logging.set_verbosity_error()
        logging.disable_progress_bar()
        try:
            tokenizer = AutoTokenizer.from_pretrained(self.path)
            model = AutoModelForSequenceClassification.from_pretrained(self.path).eval()
        except Exception as error:
            said = (str(error).splitlines() or [type(error).__name__])[0]
            raise LanguageModelError(f"{self.path}: the checker's model can't be loaded: {said}") from error
        names = {i: str(name).lower() for i, name in model.config.id2label.items()}
        entails = [i for i, name in names.items() if name.startswith(_ENTAILS) and not name.startswith("not")]
        if len(names) not in (2, 3) or len(entails) != 1:
            raise LanguageModelError(f"{self.path}: of its classes ({', '.join(names.values())}) none is named entailment or supported")
        contradicts = next((i for i, name in names.items() if name.startswith(_CONTRADICTS)), None)
        return tokenizer, model, entails[0], contradicts

    def load(self) -> "Entailment":
        """Now, so that a model that can't be used is known before anything is asked."""
        self._loaded  # noqa: B018
        return self

    def score(self, premise: str, hypothesis: str) -> Score:
        import torch

        tokenizer, model, entails, contradicts = self._loaded
        inputs = tokenizer(premise, hypothesis, truncation="only_first", return_tensors="pt")
        with torch.inference_mode():
            shares = torch.softmax(model(**inputs).logits[0].float(), dim=-1)
        return Score(float(shares[entails]), float(shares[contradicts]) if contradicts is not None else 0.0)
