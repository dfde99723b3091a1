"""Plots of retrieval: nDCG@10 of each set and system with its interval, and recall against depth."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from retrieval_metrics import DEPTHS, interval

Values = Mapping[str, Mapping[str, float]]
COLOURS = {"bm25s": "#9aa5b1", "dense": "#c9b458", "fusion": "#a9cce3", "langchain": "#d98880", "ours": "#2e6da4"}


def draw(results: Mapping[str, Mapping[str, Values]], folder: Path) -> None:
    """Write nDCG.png and recall.png."""
    _bars(results, folder / "nDCG.png")
    _recall(results, folder / "recall.png")


def _bars(results: Mapping[str, Mapping[str, Values]], path: Path) -> None:
    systems = list(dict.fromkeys(s for by_system in results.values() for s in by_system))
    figure, axes = plt.subplots(figsize=(8, 1 + 0.75 * len(results)), layout="constrained")
    height = 0.8 / len(systems)
    for i, system in enumerate(systems):
        there = [(y, by_system[system]) for y, by_system in enumerate(results.values()) if system in by_system]
        values = [[v["nDCG@10"] for v in some.values()] for _, some in there]
        means = np.array([np.mean(v) for v in values])
        bounds = np.array([interval(v) for v in values])
        axes.barh(
            [y + (i - (len(systems) - 1) / 2) * height for y, _ in there],
            means,
            height,
            xerr=np.abs(bounds.T - means),
            color=COLOURS.get(system),
            error_kw={"linewidth": 0.8, "ecolor": "#111111"},
            label=system,
        )
    axes.set_yticks(range(len(results)), [f"{name}\n({len(next(iter(by.values())))})" for name, by in results.items()])
    axes.set_xlim(0, 1)
    axes.set_xlabel("nDCG@10, with the 95 % interval")
    axes.set_ylim(len(results) - 0.5, -0.5)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="x", linewidth=0.4)
    axes.set_axisbelow(True)
    figure.legend(loc="outside upper center", ncols=len(systems), frameon=False)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def _recall(results: Mapping[str, Mapping[str, Values]], path: Path) -> None:
    columns = min(4, len(results))
    rows = -(-len(results) // columns)
    figure, grid = plt.subplots(rows, columns, figsize=(3 * columns, 0.7 + 2.3 * rows), sharex=True, sharey=True, squeeze=False, layout="constrained")
    for axes, (name, by_system) in zip(grid.flat, results.items(), strict=False):
        for system, values in by_system.items():
            means = [np.mean([v[f"recall@{k}"] for v in values.values()]) for k in DEPTHS]
            axes.plot(DEPTHS, means, color=COLOURS.get(system), linewidth=2.2 if system == "ours" else 1.3, label=system)
        axes.set_title(f"{name} ({len(next(iter(by_system.values())))})", fontsize=10)
        axes.set_xscale("log")
        axes.set_xticks(DEPTHS, [str(k) if k in (1, 10, 100) else "" for k in DEPTHS])
        axes.minorticks_off()
        axes.set_ylim(0, 1.02)
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(linewidth=0.4)
    for axes in list(grid.flat)[len(results) :]:
        axes.set_visible(False)
    for axes in list(grid.flat)[max(0, len(results) - columns) : len(results)]:
        axes.tick_params(labelbottom=True)
    handles = {label: handle for axes in grid.flat for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    figure.legend(handles.values(), handles.keys(), loc="outside upper center", ncols=len(handles), frameon=False)
    figure.supxlabel("depth of the ranking", fontsize=10)
    figure.supylabel("recall", fontsize=10)
    figure.savefig(path, dpi=150)
    plt.close(figure)
