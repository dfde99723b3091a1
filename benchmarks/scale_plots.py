"""Plots of benchmarks/scale.py: cost by size, and latency and recall by how many passages a filter leaves."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

DARK, MIDDLE, LIGHT, WARM = "#1f4e79", "#5b9bd5", "#b8cfe5", "#c9803a"
PARTS = {"catalogue": ("catalogue", LIGHT), "vectors": ("vectors", DARK), "lexical": ("lexical", MIDDLE)}


def draw(results: Mapping[str, Any], folder: Path) -> None:
    """Write scale.png and selectivity.png."""
    texts = sorted((r for r in results.values() if "add" in r["found"] and not r["vectors only"]), key=lambda r: r["built"]["passages"])
    alone = sorted((r for r in results.values() if r["vectors only"]), key=lambda r: r["built"]["passages"])
    _sizes(texts, alone, folder / "scale.png")
    if texts:
        _selectivity(texts, folder / "selectivity.png")


def _sizes(texts: list[Any], alone: list[Any], path: Path) -> None:
    figure, ((latency, changes), (space, building)) = plt.subplots(2, 2, figsize=(10, 8), layout="constrained")

    def line(axes: Axes, runs: list[Any], key: str, statistic: str, label: str, colour: str, style: str = "-") -> None:
        points = [(r["built"]["passages"], r["found"][key][statistic]) for r in runs if key in r["found"]]
        if points:
            axes.plot(*zip(*points, strict=True), style, marker="o", markersize=4, color=colour, label=label)

    everything = sorted([*texts, *alone], key=lambda r: r["built"]["passages"])
    line(latency, everything, "vectors", "p95", "vectors, p95", DARK)
    line(latency, everything, "vectors", "p50", "vectors, median", DARK, "--")
    line(latency, texts, "lexical question", "p95", "terms of a question, p95", MIDDLE)
    line(latency, texts, "lexical claim", "p95", "terms of a claim, p95", MIDDLE, "--")
    line(latency, texts, "hybrid question", "p95", "whole search, question, p95", WARM)
    line(latency, texts, "hybrid claim", "p95", "whole search, claim, p95", WARM, "--")
    latency.set_yscale("log")
    _passages(latency, "Search, without encoding", "ms")

    line(changes, texts, "add", "p50", "add a document, median", DARK)
    line(changes, texts, "add", "p95", "p95", DARK, "--")
    line(changes, texts, "remove", "p50", "remove a document, median", WARM)
    line(changes, texts, "remove", "p95", "p95", WARM, "--")
    opened = [(r["built"]["passages"], r["found"]["open"]) for r in everything]
    changes.plot(*zip(*opened, strict=True), marker="o", markersize=4, color=MIDDLE, label="open the index")
    changes.set_ylim(bottom=0)
    _passages(changes, "Changing and opening, without encoding", "ms")

    names = [f"{r['built']['passages']:,}" + ("\nvectors" if r["vectors only"] else "") for r in everything]
    bottom = [0.0] * len(everything)
    for part, (label, colour) in PARTS.items():
        heights = [r["built"]["bytes"].get(part, 0) / r["built"]["passages"] for r in everything]
        space.bar(names, heights, 0.6, bottom, color=colour, label=f"{label}, on disk")
        bottom = [b + h for b, h in zip(bottom, heights, strict=True)]
    memory = [r["found"]["memory"]["vectors"] / r["built"]["passages"] for r in everything]
    space.plot(names, memory, "D", color=WARM, label="vectors, in memory")
    _framed(space, "Space", "bytes a passage")

    for key, label, colour in (("publish", "terms and vectors", DARK), ("write", "catalogue", LIGHT)):
        points = [(r["built"]["passages"], r["built"]["seconds"][key]) for r in texts]
        if points:
            building.plot(*zip(*points, strict=True), marker="o", markersize=4, color=colour, label=label)
    if alone:
        points = [(r["built"]["passages"], sum(r["built"]["seconds"].values())) for r in alone]
        building.plot(*zip(*points, strict=True), "--", marker="o", markersize=4, color=WARM, label="vectors alone, with their catalogue")
    building.set_yscale("log")
    _passages(building, "Building, without encoding", "seconds")
    figure.savefig(path, dpi=150)
    plt.close(figure)


def _selectivity(texts: list[Any], path: Path) -> None:
    figure, (latency, recall) = plt.subplots(2, 1, figsize=(8, 6.5), sharex=True, layout="constrained", height_ratios=(3, 2))
    for run, colour in zip(texts, (LIGHT, MIDDLE, DARK, WARM), strict=False):
        found, total = run["found"], run["built"]["passages"]
        rows = sorted(found["filters"], key=lambda r: r["passages"])
        rows = [*rows, {"passages": total, **found["vectors"]}]
        shares = [r["passages"] for r in rows]
        label = f"{total:,} passages" + (", exact" if found["exact"] else "")
        latency.plot(shares, [r["p95"] for r in rows], marker="o", markersize=4, color=colour, label=f"{label}: p95")
        latency.plot(shares, [r["p50"] for r in rows], "--", marker="o", markersize=3, linewidth=1, color=colour, label="median")
        recall.plot(shares, [r["recall"] for r in rows], marker="o", markersize=4, color=colour)
    latency.set_yscale("log")
    _passages(latency, "Vector search behind a filter, the filter included", "ms")
    recall.set_ylim(0.9, 1.003)
    recall.axhline(0.95, color="#999999", linewidth=0.8, linestyle=":")
    _framed(recall, "", "recall@10")
    recall.set_xlabel("passages that the filter leaves; the last point of each line is without a filter")
    latency.set_xlabel("")
    latency.legend(frameon=False, fontsize=8, handlelength=3, loc="lower right")
    figure.savefig(path, dpi=150)
    plt.close(figure)


def _passages(axes: Axes, title: str, unit: str) -> None:
    axes.set_xscale("log")
    axes.set_xlabel("passages")
    if axes.get_yscale() == "log":
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    _framed(axes, title, unit)


def _framed(axes: Axes, title: str, unit: str) -> None:
    axes.set_title(title, fontsize=10, loc="left")
    axes.set_ylabel(unit)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", linewidth=0.4)
    axes.set_axisbelow(True)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, fontsize=8, handlelength=3, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.16))
