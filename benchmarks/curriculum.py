"""Does the order of examples matter? The demo's training on made-up patents shuffled, in stages and paced: python benchmarks/curriculum.py DEMO OUT

DEMO is the folder of a finished `benchmarks/finetune_demo.py`. Every schedule starts from the same weights and sees the same examples, for as many
steps; held-out loss on the way, and right answers on patents of unseen words at the end. `--seeds` repeats it with other orders.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from finetune_demo import grounded

from finetune.lines import json_lines
from finetune.recipe import read_recipe
from finetune.running import run_recipe

SCHEDULES = {
    "shuffle": {"schedule": "shuffle"},
    "staged": {"schedule": "staged", "score": ["length"], "buckets": 4},
    "paced": {"schedule": "paced", "score": ["length"], "start": 0.2},
}


def trained(demo: Path, out: Path, schedule: str, seed: int, steps: int) -> tuple[list[float], dict[str, dict[str, float]]]:
    """Held-out losses on the way, and what is right at the end, by language."""
    overrides = {
        "out": str(out),
        "seed": seed,
        "sft-made-up.model": str(demo / "cpt" / "model"),
        "sft-made-up.data": [str(demo / "made-up")],
        "sft-made-up.steps": steps,
        "sft-made-up.evaluate_every": steps // 5,
        "sft-made-up.held_out_rows": 100,
        "sft-made-up.curriculum": SCHEDULES[schedule],
        "evaluate-unseen.models": {"tuned": "@sft-made-up/model"},
        "evaluate-unseen.held_out": [str(demo / "unseen" / "held_out.jsonl")],
        "evaluate-unseen.majority": [],
        "evaluate-unseen.most": 150,
    }
    recipe = read_recipe("demo", [f"{name}={json.dumps(value)}" for name, value in overrides.items()])
    for result in run_recipe(recipe, ["sft-made-up", "evaluate-unseen"], tell=lambda line: None):
        print(f"  {schedule}, seed {seed}: {result.name}, {result.seconds:.0f} s", flush=True)
    losses = [row["held_out_loss"] for _, row in json_lines(out / "sft-made-up" / "losses.jsonl") if "held_out_loss" in row]
    answers = grounded(out / "evaluate-unseen", demo / "unseen" / "held_out.jsonl")
    return losses, {language: models["tuned"] for language, models in answers.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("demo", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--seeds", type=int, default=1)
    given = parser.parse_args()
    found = {}
    for schedule in SCHEDULES:
        runs = [trained(given.demo, given.out / f"{schedule}-{seed}", schedule, seed, given.steps) for seed in range(given.seeds)]
        losses = np.mean([losses for losses, _ in runs], axis=0)
        shares = [f"{np.mean([right[language][what] for _, right in runs]):.3f}" for language in ("en", "zh") for what in ("right", "refused")]
        found[schedule] = f"| {schedule} | {' | '.join(f'{loss:.3f}' for loss in losses[1:])} | {' | '.join(shares)} |"
    fifths = " | ".join(f"held-out loss at {n}/5" for n in range(1, 6))
    print(f"| schedule | {fifths} | right, en | refused, en | right, zh | refused, zh |\n|---|{'---|' * 9}")
    print("\n".join(found.values()))


if __name__ == "__main__":
    main()
