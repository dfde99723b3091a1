"""What the corpus holds, and what it doesn't and why, in JSON, in Markdown and as a picture."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from finetune.corpus.contamination import Evaluated
from finetune.corpus.ledger import IN_EVALUATION, Ledger
from finetune.corpus.mixing import Mix
from finetune.corpus.parts import TOKENS
from finetune.corpus.settings import CorpusSettings

_EXAMPLES = 5
_LENGTHS = (100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
SECTION_NAMES = {
    "A": "human necessities",
    "B": "operations, transport",
    "C": "chemistry, metallurgy",
    "D": "textiles, paper",
    "E": "fixed constructions",
    "F": "mechanical engineering",
    "G": "physics",
    "H": "electricity",
    "Y": "tags (CPC)",
}


def removed(ledger: Ledger, settings: CorpusSettings, evaluated: Evaluated) -> dict[str, Any]:
    """{sources: {name: {records, texts, train, held_out, not_drawn, removed: {reason: n}}}, examples, cut, contamination}. Of each source,
    texts = train + held_out + not_drawn + all of removed."""
    sources, cut = {}, Counter[str]()
    for place, source in enumerate(settings.sources):
        records = ledger.sql("SELECT coalesce(sum(records), 0) FROM parts WHERE source = ?", place)[0][0]
        reasons = Counter(dict(ledger.sql("SELECT reason, count(*) FROM lost WHERE source = ? GROUP BY reason", place)))
        reasons.update(dict(ledger.sql("SELECT reason, count(*) FROM rows WHERE source = ? AND reason IS NOT NULL GROUP BY reason", place)))
        splits = dict(ledger.sql("SELECT split, count(*) FROM rows WHERE source = ? AND reason IS NULL GROUP BY split", place))
        drawn = ledger.sql("SELECT count(DISTINCT ordinal) FROM drawn JOIN rows USING (ordinal) WHERE source = ?", place)[0][0]
        sources[source.name] = {
            "records": records,
            "texts": sum(reasons.values()) + sum(splits.values()),
            "train": drawn,
            "held_out": splits.get("held out", 0),
            "not_drawn": splits.get("train", 0) - drawn,
            "removed": dict(sorted(reasons.items())),
        }
    for (lines,) in ledger.each("SELECT cut FROM parts ORDER BY number"):
        cut.update(json.loads(lines))
    return {
        "sources": sources,
        "examples": _examples(ledger, settings),
        "lines_cut": dict(sorted(cut.items())),
        "contamination": _contamination(ledger, evaluated),
    }


def _examples(ledger: Ledger, settings: CorpusSettings) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    both = "SELECT reason FROM lost UNION SELECT reason FROM rows WHERE reason IS NOT NULL ORDER BY 1"
    for (reason,) in ledger.sql(both):
        rows = ledger.sql(
            "SELECT source, id, language, detail FROM lost WHERE reason = ?1"
            " UNION ALL SELECT source, id, language, detail FROM rows WHERE reason = ?1 LIMIT ?2",
            reason,
            _EXAMPLES,
        )
        found[reason] = [{"source": settings.sources[s].name, "id": i, "language": language, "detail": detail} for s, i, language, detail in rows]
    return found


def _contamination(ledger: Ledger, evaluated: Evaluated) -> dict[str, Any]:
    """Of each set its texts and lines, and how many of its lines stand in texts of the corpus; the texts that went for it."""
    there: Counter[int] = Counter()
    common: Counter[int] = Counter()
    for (line,) in ledger.each("SELECT DISTINCT line FROM held WHERE line NOT IN (SELECT line FROM common)"):
        there[int(evaluated.sets[line])] += 1
    for (line,) in ledger.each("SELECT line FROM common"):
        common[int(evaluated.sets[line])] += 1
    sets = [{"set": n, **f, "found": there[p], "common": common[p]} for p, (n, f) in enumerate(zip(evaluated.names, evaluated.found, strict=True))]
    gone = ledger.sql("SELECT count(*), coalesce(sum(characters), 0) FROM rows WHERE reason = ?", IN_EVALUATION)[0]
    return {"sets": sets, "documents_named": len(evaluated.numbers), "texts_removed": gone[0], "characters_removed": gone[1]}


def statistics(ledger: Ledger, settings: CorpusSettings, mix: Mix, tokenizer: str, shards: int) -> dict[str, Any]:
    """Of the result: {train, held_out: {documents, characters, tokens}, by source, language, kind, section, lengths, …}."""
    train = "FROM drawn JOIN rows USING (ordinal)"
    held_out = "FROM rows WHERE split = 'held out'"
    total = ledger.sql(f"SELECT coalesce(sum(characters), 0) {train}")[0][0]
    weights = {s.name: s.weight for s in settings.sources if s.weight is not None}
    found: dict[str, Any] = {
        "train": _sums(ledger, train),
        "held_out": _sums(ledger, held_out),
        "shards": shards,
        "tokens_by": tokenizer or f"estimate: {TOKENS['zh']} tokens a character of Chinese, Japanese and Korean, {TOKENS['']} of the rest",
        "sources": {},
        "languages": {
            name: _sums(ledger, f"{train} WHERE language = ?", name) for (name,) in ledger.sql(f"SELECT DISTINCT language {train} ORDER BY 1")
        },
        "kinds": {name: _sums(ledger, f"{train} WHERE kind = ?", name) for (name,) in ledger.sql(f"SELECT DISTINCT kind {train} ORDER BY 1")},
        "sections": {
            name: sums
            for name in SECTION_NAMES
            if (sums := _sums(ledger, f"{train} WHERE kind = 'document' AND instr(sections, ?)", name))["documents"]
        },
        "lengths": _lengths(ledger, train),
    }
    for place, source in enumerate(settings.sources):
        sums = _sums(ledger, f"{train} WHERE source = ?", place)
        distinct = ledger.sql(f"SELECT count(DISTINCT ordinal) {train} WHERE source = ?", place)[0][0]
        found["sources"][source.name] = sums | {
            "distinct": distinct,
            "times": round(sums["documents"] / distinct, 3) if distinct else 0,
            "share": round(sums["characters"] / total, 4) if total else 0,
            "wanted": round(weights[source.name] / sum(weights.values()), 4) if weights else None,
        }
    if mix.limit:
        found["limited_by"] = mix.limit
    return found


def _sums(ledger: Ledger, rows: str, *values: Any) -> dict[str, int]:
    count, characters, tokens = ledger.sql(f"SELECT count(*), coalesce(sum(characters), 0), coalesce(sum(tokens), 0) {rows}", *values)[0]
    return {"documents": count, "characters": characters, "tokens": tokens}


def _lengths(ledger: Ledger, rows: str) -> dict[str, list[int]]:
    """Documents of each language by their characters: under 100, under 300, …, the last 1,000,000 and more."""
    place = "CASE " + " ".join(f"WHEN characters < {limit} THEN {n}" for n, limit in enumerate(_LENGTHS)) + f" ELSE {len(_LENGTHS)} END"
    found: dict[str, list[int]] = {}
    for language, at, count in ledger.sql(f"SELECT language, {place} AS place, count(*) {rows} GROUP BY language, place ORDER BY language"):
        found.setdefault(language, [0] * (len(_LENGTHS) + 1))[at] = count
    return found


def markdown(found: dict[str, Any], lost: dict[str, Any]) -> str:
    lines = ["# Corpus", "", f"Tokens by {found['tokens_by']}.", "", "| | documents | characters | tokens |", "|---|---:|---:|---:|"]
    lines += [f"| {name} | {_figures(found[key])} |" for name, key in (("training", "train"), ("held out", "held_out"))]
    lines += ["", "## Sources", "", "| source | documents | characters | tokens | share | wanted | times |", "|---|---:|---:|---:|---:|---:|---:|"]
    for name, row in found["sources"].items():
        wanted = f"{row['wanted']:.1%}" if row["wanted"] is not None else ""
        lines.append(f"| {name} | {_figures(row)} | {row['share']:.1%} | {wanted} | {row['times']:g} |")
    if "limited_by" in found:
        lines += ["", f"It isn't longer because {found['limited_by']} is used up for its weight; raise its `repeat`, or lower its weight."]
    for title, key in (("Languages", "languages"), ("Kinds", "kinds"), ("Sections of the IPC (documents stand in several)", "sections")):
        lines += ["", f"## {title}", "", "| | documents | characters | tokens |", "|---|---:|---:|---:|"]
        lines += [f"| {name} {SECTION_NAMES.get(name, '') if key == 'sections' else ''} | {_figures(row)} |" for name, row in found[key].items()]
    lines += ["", "## Left out", "", "| source | reason | texts |", "|---|---|---:|"]
    for name, row in lost["sources"].items():
        lines += [f"| {name} | {reason} | {count:,} |" for reason, count in row["removed"].items()]
        lines += [f"| {name} | not drawn, for its weight | {row['not_drawn']:,} |"] if row["not_drawn"] else []
    if lost["lines_cut"]:
        lines += ["", "Lines cut from texts that were kept: " + ", ".join(f"{kind} {count:,}" for kind, count in lost["lines_cut"].items()) + "."]
    if lost["contamination"]["sets"]:
        lines += ["", "## Evaluation sets", "", "| set | texts | lines looked for | too short | found in texts that went | phrases that all use |"]
        lines += ["|---|---:|---:|---:|---:|---:|"]
        for row in lost["contamination"]["sets"]:
            lines.append(
                f"| {Path(row['set']).name} | {row['texts']:,} | {row['lines']:,} | {row['too_short']:,} | {row['found']:,} | {row['common']:,} |"
            )
    return "\n".join(lines) + "\n"


def _figures(row: dict[str, int]) -> str:
    return f"{row['documents']:,} | {row['characters']:,} | {row['tokens']:,}"


def plot(found: dict[str, Any], lost: dict[str, Any], path: Path) -> None:
    """Four panels: what became of each source's texts, languages and sources by characters, sections, lengths."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    with matplotlib.rc_context({"svg.hashsalt": "corpus", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        figure, axes = pyplot.subplots(2, 2, figsize=(11, 7.5), constrained_layout=True)
        _fates(axes[0][0], lost)
        _shares(axes[0][1], found)
        _sections(axes[1][0], found)
        _length_bars(axes[1][1], found)
        figure.savefig(path, metadata={"Date": None})
        pyplot.close(figure)


def _fates(axis: Any, lost: dict[str, Any]) -> None:
    names = list(lost["sources"])
    fates: dict[str, list[int]] = {"training": [], "held out": [], "not drawn": []}
    reasons = Counter[str]()
    for row in lost["sources"].values():
        reasons.update(row["removed"])
    shown = [reason for reason, _ in reasons.most_common(len(_REASON_COLOURS) - 1)]
    for row in lost["sources"].values():
        for fate, key in (("training", "train"), ("held out", "held_out"), ("not drawn", "not_drawn")):
            fates[fate].append(row[key])
    for reason in sorted(shown):
        fates[reason] = [row["removed"].get(reason, 0) for row in lost["sources"].values()]
    fates["other reasons"] = [sum(n for reason, n in row["removed"].items() if reason not in shown) for row in lost["sources"].values()]
    left = [0.0] * len(names)
    totals = [max(1, row["texts"]) for row in lost["sources"].values()]
    colours = ["#2a6f97", "#61a5c2", "#c9d6df", *_REASON_COLOURS]
    for place, (fate, counts) in enumerate((f, c) for f, c in fates.items() if any(c)):
        parts = [100 * c / t for c, t in zip(counts, totals, strict=True)]
        axis.barh(names, parts, left=left, label=fate, color=colours[place % len(colours)], edgecolor="white", linewidth=0.4)
        left = [a + b for a, b in zip(left, parts, strict=True)]
    axis.set(title="What became of the texts", xlabel="% of a source's texts")
    axis.set_xlim(0, 100)
    axis.invert_yaxis()
    axis.legend(fontsize=7, ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.16), frameon=False)


_REASON_COLOURS = ["#e76f51", "#f4a261", "#e9c46a", "#8ab17d", "#b56576", "#6d597a", "#9d8189", "#606c38"]


def _shares(axis: Any, found: dict[str, Any]) -> None:
    rows = [(f"source {n}", r["characters"]) for n, r in found["sources"].items()]
    rows += [(f"language {n}", r["characters"]) for n, r in found["languages"].items()]
    rows += [(n, r["characters"]) for n, r in found["kinds"].items()]
    colours = ["#2a6f97"] * len(found["sources"]) + ["#61a5c2"] * len(found["languages"]) + ["#8ab17d"] * len(found["kinds"])
    bars = axis.barh([n for n, _ in rows], [c / 1e6 for _, c in rows], color=colours)
    axis.bar_label(bars, [f"{c / 1e6:,.2f}" for _, c in rows], padding=3, fontsize=8)
    axis.set(title="Training text", xlabel="million characters")
    axis.margins(x=0.15)
    axis.invert_yaxis()


def _sections(axis: Any, found: dict[str, Any]) -> None:
    rows = found["sections"]
    bars = axis.barh([f"{n}  {SECTION_NAMES[n]}" for n in rows], [r["documents"] for r in rows.values()], color="#2a6f97")
    axis.bar_label(bars, padding=3, fontsize=8)
    axis.set(title="Documents by section of the IPC", xlabel="documents" if rows else "no document says its classification")
    axis.margins(x=0.12)
    axis.invert_yaxis()


def _length_bars(axis: Any, found: dict[str, Any]) -> None:
    labels = ["<100", *(f"{limit:,}" for limit in _LENGTHS)]
    languages = found["lengths"]
    width = 0.8 / max(1, len(languages))
    for place, (language, counts) in enumerate(languages.items()):
        at = [n + (place - (len(languages) - 1) / 2) * width for n in range(len(labels))]
        axis.bar(at, counts, width=width, label=language, color=["#2a6f97", "#e76f51", "#8ab17d", "#6d597a"][place % 4])
    axis.set_xticks(range(len(labels)), labels, rotation=35, ha="right")
    axis.set_yscale("symlog", linthresh=10)
    axis.set(title="Lengths", xlabel="characters, from", ylabel="documents (logarithmic)")
    if languages:
        axis.legend(frameon=False)
