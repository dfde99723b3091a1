"""The report of an evaluation, for people: tables, and a plot of the first measure of each task."""

from pathlib import Path
from typing import Any

from finetune.evaluation.published import PUBLISHED

BASELINES = {
    "rules": "the task's own rules, without a model",
    "majority": "the commonest reply of the training rows, always",
    "overlap": "the one sentence that shares most words with the question",
}


def markdown(report: dict[str, Any]) -> str:
    """Tables of all tasks, and of what was published elsewhere."""
    models = list(report["models"])
    lines = ["# Evaluation", "", f"{report['examples']} held-out examples. In brackets intervals of 95 % (bootstrap over the examples).", ""]
    lines += [f"- {name}: `{path}`" for name, path in report["models"].items()]
    used = [b for b in BASELINES if any(b in t["scores"] for t in report["tasks"])]
    lines += [f"- {name}: {BASELINES[name]}" for name in used]
    for each in report["tasks"]:
        lines += ["", f"## {each['task']} ({each['language']}), {each['examples']} examples", ""]
        if "chance" in each:
            lines += [f"A sentence picked blindly is a certain one in {each['chance']:.1%} of the examples.", ""]
        shown = [*models, *(b for b in used if b in each["scores"])]
        gains = models[1:]
        lines += _head("measure", *shown, *(f"{m} - {models[0]}" for m in gains))
        for measure in dict.fromkeys(k for m in shown for k in each["scores"][m]):
            cells = [_value(each["scores"][m].get(measure)) for m in shown] + [_gain(each["scores"][m].get(measure)) for m in gains]
            lines.append(f"| {measure} | " + " | ".join(cells) + " |")
        for measure in dict.fromkeys(k for scores in each.get("jieba", {}).values() for k in scores):
            cells = [f"{each['jieba'][m][measure]:.3f}" if m in each["jieba"] else "" for m in shown]
            lines.append(f"| {measure} | " + " | ".join([*cells, *("" for _ in gains)]) + " |")
    if "texts" in report:
        languages = sorted({language for found in report["texts"].values() for language in found})
        lines += ["", "## Held-out texts, bits per byte", "", *_head("language", *models)]
        for language in languages:
            cells = [f"{report['texts'][m][language]:.3f}" if language in report["texts"][m] else "" for m in models]
            lines.append(f"| {language} | " + " | ".join(cells) + " |")
    lines += ["", "## Published elsewhere", "", "Not measured here: other data, other conditions. References, not comparisons.", ""]
    lines += _head("model", "measure", "score", "source")
    lines += [f"| {p.model} | {p.measure} | {p.score} | {p.source} |" for p in PUBLISHED]
    return "\n".join(lines) + "\n"


def _head(*names: str) -> list[str]:
    return [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]


def _value(row: dict[str, float] | None) -> str:
    return f"{row['value']:.3f} ({row['low']:.3f}-{row['high']:.3f})" if row else ""


def _gain(row: dict[str, float] | None) -> str:
    return f"{row['gain']:+.3f} ({row['gain_low']:+.3f} to {row['gain_high']:+.3f})" if row and "gain" in row else ""


def plot(report: dict[str, Any], path: Path) -> None:
    """The first measure of each task for every model and baseline, with intervals, as SVG."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    tasks = report["tasks"]
    names = [*report["models"], *(b for b in BASELINES if any(b in t["scores"] for t in tasks))]
    with matplotlib.rc_context({"svg.hashsalt": "patent-assistant", "font.size": 9, "svg.fonttype": "none"}):
        figure, axes = pyplot.subplots(figsize=(8, 1.2 + 0.16 * len(tasks) * (len(names) + 1)), layout="constrained")
        for n, name in enumerate(names):
            rows = [(t_n, t["scores"][name][t["first"]]) for t_n, t in enumerate(tasks) if t["first"] in t["scores"].get(name, {})]
            places = [t_n + (n - (len(names) - 1) / 2) * 0.8 / len(names) for t_n, _ in rows]
            values = [row["value"] for _, row in rows]
            errors = [[max(0.0, row["value"] - row["low"]) for _, row in rows], [max(0.0, row["high"] - row["value"]) for _, row in rows]]
            axes.errorbar(values, places, xerr=errors, fmt="os^Dvx"[n % 6], markersize=4, linewidth=1, label=name, color=f"C{n}")
        axes.set_yticks(range(len(tasks)), [f"{t['task']} ({t['language']}): {t['first']}" for t in tasks])
        axes.invert_yaxis()
        axes.set_xlim(-0.02, 1.02)
        axes.grid(axis="x", linewidth=0.4)
        axes.spines[["top", "right"]].set_visible(False)
        figure.legend(loc="outside upper center", ncols=len(names), frameon=False)
        figure.savefig(path, metadata={"Date": None})
        pyplot.close(figure)
