"""Loading the model that is trained, with an adapter where not all of its weights are."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from finetune.errors import StageError
from finetune.export.merging import base_of, is_adapter
from finetune.training.attention import attention_for
from finetune.training.machine import Machine
from finetune.training.masks import give_template
from finetune.training.memory import weights_dtype
from finetune.training.settings import TrainSettings

if TYPE_CHECKING:
    from peft import LoraConfig
    from transformers import PreTrainedTokenizerFast


def load_tokenizer(folder: Path, settings: TrainSettings) -> "PreTrainedTokenizerFast":
    """The tokenizer beside a model, or beside the base of an adapter that has none; with a chat template and a token for padding."""
    from transformers import AutoTokenizer

    where = folder if not is_adapter(folder) or (folder / "tokenizer_config.json").is_file() else base_of(folder)
    try:
        tokenizer = AutoTokenizer.from_pretrained(where, local_files_only=where.is_dir())
    except (OSError, ValueError) as error:
        raise StageError(f"{where}: no tokenizer can be loaded from it: {str(error).splitlines()[0]}") from error
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    try:
        template = settings.chat_template.read_text(encoding="utf-8") if settings.chat_template else None
    except (OSError, UnicodeDecodeError) as error:
        raise StageError(f"{settings.chat_template}: the chat template can't be read: {error}") from error
    give_template(tokenizer, template)
    return tokenizer


def load_model(folder: Path, settings: TrainSettings, machine: Machine, bf16: bool) -> tuple[Any, "LoraConfig | None"]:
    """(model, a new adapter for it or None). An adapter in `folder` goes on being trained, or is merged first where full weights are trained."""
    from transformers import AutoConfig, AutoModelForCausalLM

    base = base_of(folder) if is_adapter(folder) else folder
    options: dict[str, Any] = {"dtype": getattr(torch, weights_dtype(settings, machine.device, bf16))}
    if settings.weights == "qlora":
        options["quantization_config"] = _four_bits(machine)
    try:
        config = AutoConfig.from_pretrained(base, local_files_only=base.is_dir())
        # pairs are padded, and have a mask
        attention = "sdpa" if settings.method == "dpo" else attention_for(config, machine.device, bf16, settings.window)
        model = AutoModelForCausalLM.from_pretrained(base, attn_implementation=attention, local_files_only=base.is_dir(), **options)
    except (OSError, ValueError, KeyError) as error:
        raise StageError(f"{base}: no model can be loaded from it: {str(error).splitlines()[0]}") from error
    model.config.use_cache = False
    if machine.liger:
        liger = import_module("liger_kernel.transformers")
        liger._apply_liger_kernel_to_instance(model=model, fused_linear_cross_entropy=False, cross_entropy=False)
    if settings.weights == "qlora":
        from peft import prepare_model_for_kbit_training

        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
    if is_adapter(folder):
        return _with_adapter(model, folder, settings), None
    return model, None if settings.weights == "full" else _new_adapter(model, settings)


def _new_adapter(model: Any, settings: TrainSettings) -> "LoraConfig":
    from peft import LoraConfig

    adapter = settings.adapter
    names = {name.rpartition(".")[2] for name, _ in model.named_modules()}
    missing = [name for name in (*adapter.targets, *adapter.save) if name not in names]
    if missing:
        raise StageError(
            f"adapter: the model has no module {', '.join(missing)}; it has {', '.join(sorted(n for n in names if n and not n.isdigit()))}"
        )
    return LoraConfig(
        r=adapter.rank,
        lora_alpha=adapter.alpha,
        lora_dropout=adapter.dropout,
        target_modules=list(adapter.targets) or "all-linear",
        modules_to_save=list(adapter.save) or None,
        ensure_weight_tying=bool(adapter.save) and model.config.tie_word_embeddings,
        use_dora=settings.weights == "dora",
        use_rslora=settings.weights == "rslora",
        task_type="CAUSAL_LM",
    )


def _with_adapter(model: Any, folder: Path, settings: TrainSettings) -> Any:
    from peft import PeftModel

    loaded = PeftModel.from_pretrained(model, folder, is_trainable=settings.weights != "full")
    return loaded.merge_and_unload(safe_merge=True).requires_grad_(True) if settings.weights == "full" else loaded


def _four_bits(machine: Machine) -> Any:
    if machine.device != "cuda" or not machine.four_bit:
        lacking = "a GPU" if machine.device != "cuda" else "bitsandbytes (pip install bitsandbytes)"
        raise StageError(f"weights: qlora needs {lacking}, which is not here; use weights: lora")
    from transformers import BitsAndBytesConfig

    return BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True, bnb_4bit_compute_dtype=torch.bfloat16)
