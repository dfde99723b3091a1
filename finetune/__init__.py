"""Makes the domain model: corpora, tokenizers, instructions, training, evaluation, export; each stage from a recipe in YAML."""

__all__ = ["Recipe", "read_recipe", "run_recipe"]


def __getattr__(name: str) -> object:
    """What is named in `__all__`, imported when it is first used."""
    if name in ("Recipe", "read_recipe"):
        from finetune import recipe

        return getattr(recipe, name)
    if name == "run_recipe":
        from finetune.running import run_recipe

        return run_recipe
    raise AttributeError(f"module 'finetune' has no attribute {name!r}")
