"""The losses of a training: one JSON object a step in `losses.jsonl`, and a plot of them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

NAME = "losses.jsonl"


class Losses:
    """Writes lines {step, epoch, loss, learning_rate, grad_norm, tokens, seconds, held_out_loss, …}; a training that goes on from step n goes on
    after the lines up to n. `tokens` are those seen so far, `seconds` those since the beginning, without the time in which nothing ran."""

    def __init__(self, folder: Path, step: int, writes: bool = True) -> None:
        """`writes` is for one process of several."""
        self.path = folder / NAME
        kept = [line for line in read(folder) if line["step"] <= step] if step else []
        self.seconds = float(kept[-1]["seconds"]) if kept else 0.0
        if not writes:
            return
        partial = folder / f".{NAME}"
        partial.write_text("".join(json.dumps(line) + "\n" for line in kept), encoding="utf-8")
        partial.replace(self.path)

    def write(self, line: Mapping[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def read(folder: Path) -> list[dict[str, Any]]:
    """The lines, without one that was cut off while it was written."""
    path = folder / NAME
    found = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            found.append(json.loads(line))
        except ValueError:
            break
    return found


def plot(lines: Sequence[Mapping[str, Any]], path: Path, title: str) -> None:
    """Loss by step, as it is and smoothed, with the held-out loss; for preferences, the margins on held-out pairs below."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "losses"
    from matplotlib import pyplot

    trained = [(line["step"], line["loss"]) for line in lines if "loss" in line]
    held_out = [(line["step"], line["held_out_loss"]) for line in lines if "held_out_loss" in line]
    margins = [(line["step"], line["held_out_margin"]) for line in lines if "held_out_margin" in line]
    figure, axes = pyplot.subplots(2 if margins else 1, 1, figsize=(8, 6 if margins else 4.2), squeeze=False, sharex=True, layout="constrained")
    above = axes[0][0]
    if trained:
        steps, values = zip(*trained, strict=True)
        above.plot(steps, values, color="#9ecae1", linewidth=0.8, label="training")
        above.plot(steps, _smoothed(values), color="#08519c", linewidth=1.6, label="training, smoothed")
    if held_out:
        above.plot(*zip(*held_out, strict=True), color="#d94801", marker="o", markersize=4, linewidth=1.4, label="held out")
    above.set_ylabel("loss (nats per token)" if not margins else "loss (nats per pair)")
    above.set_title(title, loc="left", fontsize=11)
    above.legend(frameon=False)
    if margins:
        axes[1][0].axhline(0, color="#bbbbbb", linewidth=0.8)
        axes[1][0].plot(*zip(*margins, strict=True), color="#238b45", marker="o", markersize=4, label="held out")
        axes[1][0].set_ylabel("margin of the chosen reply")
        axes[1][0].legend(frameon=False)
    axes[-1][0].set_xlabel("step")
    for row in axes:
        row[0].spines[["top", "right"]].set_visible(False)
        row[0].grid(axis="y", color="#eeeeee")
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def _smoothed(values: Sequence[float]) -> list[float]:
    """Exponential mean over about a fortieth of the steps, its beginning corrected."""
    keep = 1 - 1 / max(1.0, len(values) / 40)
    mean, weight = 0.0, 0.0
    found = []
    for value in values:
        mean, weight = keep * mean + (1 - keep) * value, keep * weight + (1 - keep)
        found.append(mean / weight)
    return found
