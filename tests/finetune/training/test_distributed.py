from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from finetune.errors import StageError
from finetune.running import StageContext
from finetune.training import losses
from finetune.training.distributed import command, launch, write_config
from finetune.training.making import train
from finetune.training.settings import Distributed, TrainSettings


@pytest.mark.parametrize("strategy", ["ddp", "fsdp", "deepspeed"])
def test_the_configuration_is_one_that_accelerate_reads(strategy: str, tmp_path: Path) -> None:
    from accelerate.commands.config.config_args import load_config_from_file

    wanted = Distributed.model_validate({"processes": 8, "strategy": strategy, "offload": True})
    path = write_config(tmp_path, wanted, "cuda", True)
    read = load_config_from_file(str(path))
    assert read.num_processes == 8 and read.mixed_precision == "bf16" and not read.use_cpu
    assert read.distributed_type == {"ddp": "MULTI_GPU", "fsdp": "FSDP", "deepspeed": "DEEPSPEED"}[strategy]
    given = yaml.safe_load(path.read_text())
    assert given.get("fsdp_config", {}).get("fsdp_offload_params") == (True if strategy == "fsdp" else None)
    assert given.get("deepspeed_config", {}).get("zero_stage") == (3 if strategy == "deepspeed" else None)


def test_processes_that_fail_are_told(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="ended with 3"):
        launch(["python3", "-c", "raise SystemExit(3)"], tmp_path)


def test_the_command_names_what_it_needs(tmp_path: Path) -> None:
    job = tmp_path / "job.json"
    assert command(tmp_path / "a.yaml", job, 2, "cpu")[2:5] == ["torch.distributed.run", "--nproc_per_node", "2"]
    assert command(tmp_path / "a.yaml", job, 8, "cuda")[1:] == [
        "-m", "accelerate.commands.launch", "--config_file", f"{tmp_path}/a.yaml", "-m", "finetune.training.process", str(job),
    ]  # fmt: skip


@pytest.mark.slow
def test_two_processes_come_to_the_losses_of_one(settings: Callable[..., TrainSettings], context: Callable[..., StageContext]) -> None:
    train(settings(batch=4, device="cpu"), context("one"))
    report = train(settings(batch=2, device="cpu", distributed={"processes": 2, "strategy": "ddp"}), context("two"))
    assert "finetune.training.process" in report["command"]
    one, two = ([line["loss"] for line in losses.read(context(name).folder) if "loss" in line] for name in ("one", "two"))
    assert two == pytest.approx(one, abs=2e-3)
    assert (context("two").folder / "model" / "model.safetensors").exists()
