"""Several processes by accelerate: its configuration, the command, and starting it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from finetune.errors import StageError
from finetune.training.settings import Distributed, TrainSettings

CONFIG, JOB, RESULT = "accelerate.yaml", "job.json", "partial/result.json"


def write_config(folder: Path, distributed: Distributed, device: str, bf16: bool) -> Path:
    """Accelerate's configuration file for the processes."""
    kind = {"ddp": "MULTI_CPU" if device == "cpu" else "MULTI_GPU", "fsdp": "FSDP", "deepspeed": "DEEPSPEED"}[distributed.strategy]
    config: dict[str, Any] = {
        "compute_environment": "LOCAL_MACHINE",
        "distributed_type": kind,
        "num_processes": distributed.processes,
        "num_machines": distributed.machines,
        "machine_rank": 0,
        "main_training_function": "main",
        "mixed_precision": "bf16" if bf16 else "no",
        "use_cpu": device == "cpu",
    }
    if distributed.strategy == "fsdp":
        config["fsdp_config"] = {
            "fsdp_version": 2,
            "fsdp_auto_wrap_policy": "TRANSFORMER_BASED_WRAP",
            "fsdp_reshard_after_forward": True,
            "fsdp_offload_params": distributed.offload,
            "fsdp_state_dict_type": "FULL_STATE_DICT",
            "fsdp_cpu_ram_efficient_loading": True,
        }
    if distributed.strategy == "deepspeed":
        where = "cpu" if distributed.offload else "none"
        config["deepspeed_config"] = {
            "zero_stage": 3,
            "offload_param_device": where,
            "offload_optimizer_device": where,
            "zero3_init_flag": True,
            "zero3_save_16bit_model": True,
        }
    path = folder / CONFIG
    path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    return path


def write_job(folder: Path, settings: TrainSettings, context: dict[str, Any]) -> Path:
    """What each process is to do."""
    path = folder / "partial" / JOB
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"settings": settings.model_dump(mode="json"), "context": context}, indent=1) + "\n", encoding="utf-8")
    return path


def command(config: Path, job: Path, processes: int, device: str) -> list[str]:
    """On a CPU accelerate's own launcher starts one process only, so torch's does it."""
    on_cpu = ["torch.distributed.run", "--nproc_per_node", str(processes)]
    launcher = on_cpu if device == "cpu" else ["accelerate.commands.launch", "--config_file", str(config)]
    return [sys.executable, "-m", *launcher, "-m", "finetune.training.process", str(job)]


def launch(command_line: list[str], folder: Path) -> dict[str, Any]:
    """Run the processes to their end; the report of the first. Raises StageError where they fail."""
    result = folder / RESULT
    result.unlink(missing_ok=True)
    done = subprocess.run(command_line, check=False)
    if done.returncode or not result.exists():
        raise StageError(f"{folder}: the processes of accelerate ended with {done.returncode}; their own message is above. Run it again to go on")
    found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return found
