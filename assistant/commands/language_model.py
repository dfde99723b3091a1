"""What the commands share that ask a language model: options, and the assistant opened with them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from assistant.llm import LanguageModel
    from assistant.patents import PatentAssistant

F = TypeVar("F", bound=Callable[..., Any])

llm_option = click.option(
    "--llm", default="evidence", show_default=True, envvar="PATENT_LLM", metavar="SPEC",
    help="evidence, openai:MODEL@URL, transformers:PATH[+adapter=PATH] or vllm:PATH[+adapter=PATH].",
)  # fmt: skip
settings_option = click.option(
    "--llm-set", "settings", multiple=True, metavar="NAME=VALUE",
    help="Of the language model: temperature, seed, max_tokens, context_length, timeout, retries, concurrency, quantization, guided, gpus, memory.",
)  # fmt: skip
show_option = click.option(
    "--show", default="weak", show_default=True, type=click.Choice(["supported", "weak", "all"]),
    help="Statements that are shown: those that are supported; also weak and unchecked ones, marked; or all.",
)  # fmt: skip
checker_option = click.option("--checker", metavar="PATH", help="A model for natural language inference that checks each statement.")
form_option = click.option(
    "--quotations", "form", default="pointing", show_default=True, type=click.Choice(["pointing", "quoting"]),
    help="Whether the language model points at numbered sentences or types its quotations.",
)  # fmt: skip


def model_options(command: F) -> F:
    """`--llm` and what goes with it."""
    return llm_option(settings_option(command))


def grounding_options(command: F) -> F:
    """How statements are checked and shown."""
    return show_option(checker_option(form_option(command)))


def open_assistant(
    directory: str, backend: str, llm: str, settings: tuple[str, ...], show: str = "weak", checker: str | None = None, form: str = "pointing"
) -> "PatentAssistant":
    """The assistant over an index that is there. Raises SpecError, NoIndexError and LanguageModelError."""
    from assistant.patents import PatentAssistant

    if llm == "evidence":
        return PatentAssistant.open(directory, create=False, backend=backend)
    from assistant.grounding.answering import Grounding
    from assistant.grounding.entailment import Entailment
    from assistant.llm import ModelSettings, Spec

    Spec.parse(llm)  # before the index is opened
    chosen = ModelSettings.parse(settings)
    entailment = Entailment(checker).load() if checker else None
    grounding = Grounding(show=show, form=form, entailment=entailment)  # type: ignore[arg-type]
    return PatentAssistant.open(directory, llm=llm, create=False, backend=backend, settings=chosen, grounding=grounding)


def open_model(llm: str, settings: tuple[str, ...]) -> "LanguageModel | None":
    """The language model for what needs no index; None for `evidence`. Raises SpecError and LanguageModelError."""
    if llm == "evidence":
        return None
    from assistant.llm import ModelSettings, language_model

    return language_model(llm, ModelSettings.parse(settings))
