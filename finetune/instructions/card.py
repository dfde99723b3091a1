"""The data card: what the rows are, where they come from, how they were made, and what is known to be wrong with them."""

import json
from collections.abc import Mapping
from typing import Any

from finetune.instructions.settings import InstructionsSettings
from finetune.running import StageContext, digest

_MADE = """\
Every row but the published ones is made by code, without a language model: the task's own examples of a document, rows that people marked, texts of
other families beside a document's own (`same_subject`, `patent_match`), and questions made from sentences. Each reply was read as
the assistant reads it and passed the task's check; each statement over excerpts is one that the assistant's checker of grounded answers supports.

Questions (`grounded_answer`, `quoted_answer`) come from patterns: what a thing is made of, contains, is connected to, where it is, what it is
for, how large it is, what a figure shows, what a term or a reference sign means. The excerpts hold the sentence that answers among others of the same
document that are like the question, and some of the most similar documents; where it was left out, no other sentence has the thing asked about
together with the relation or with what was said of it.
"""
_WRONG = """\
- Questions share words with the sentence that answers, and are about one sentence at a time. They teach to find and to point, not to conclude.
- The patterns take a clause for what it looks like. Of 100 questions of US applications and Chinese patents that were read, 94 were good and pointed
  at the right sentence (English 48 of 50, Chinese 46 of 50); the others were odd, or their answer says nothing by itself.
- That no other sentence answers is checked by words. One that says the same in other words may stand there.
- `same_subject` takes documents of different families for different inventions, and `ipc` takes the office's symbols for all there are.
- Data sets that people marked keep the mistakes of those people; published rows are taken as they are, and nobody checked them here.
- Preference pairs altered by code are wrong in one place each; a model's own mistakes are of more kinds.
"""


def write_card(settings: InstructionsSettings, context: StageContext, statistics: Mapping[str, Any]) -> None:
    """Write `statistics.json` and `card.md`."""
    (context.folder / "statistics.json").write_text(json.dumps(statistics, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (context.folder / "card.md").write_text(_card(settings, context, statistics), encoding="utf-8")


def _card(settings: InstructionsSettings, context: StageContext, found: Mapping[str, Any]) -> str:
    kinds = {
        **{s.name: "documents" for s in settings.documents},
        **{s.name: f"data set of {s.form}" for s in settings.data_sets},
        **{s.name: "published rows" for s in settings.published},
    }
    sources = [
        f"| {s.name} | {kinds[s.name]} | {s.licence} | {found['sources'].get(s.name, 0)} | {', '.join(_hash(context, p) for p in s.paths)} |"
        for s in (*settings.documents, *settings.data_sets, *settings.published)
    ]
    rows = [
        f"| {name} | {n['train']} | {n['held_out']} | {found['characters'].get(name, {}).get('median', 0)} "
        f"| {found['characters'].get(name, {}).get('most', 0)} |"
        for name, n in found["rows"].items()
    ]
    near = (
        "no near duplicates removed" if settings.near is None else f"near duplicates from a Jaccard similarity of {settings.near.jaccard} on removed"
    )
    parts = [
        "# Supervised examples and preference pairs\n",
        f"{found['train']} rows of {found['families']} families to train on, "
        f"{found['held_out']} rows of {found['held_out_families']} other families held out; "
        f"{found['preferences']} and {found['preferences_held_out']} preference pairs. "
        f"{found['unanswerable']} of the training rows ask what their excerpts do not "
        f"answer; {found['other_wording']} tell the task in other words than the assistant. Held-out rows have the assistant's own prompts.\n",
        "## Sources\n",
        "| source | kind | licence | rows | SHA-256 |\n|---|---|---|---|---|",
        "\n".join(sources) + "\n",
        "## Rows\n",
        "| task and language | train | held out | characters, median | most |\n|---|---|---|---|---|",
        "\n".join(rows) + "\n",
        "## How they were made\n",
        _MADE,
        f"Split: {settings.held_out:.1%} of the families, of every source and language one at least, by a hash of the family "
        f"and the seed {context.seed}. A family is documents with the same number but "
        "for the kind code, the same priority with title and inventor, the same or nearly the same abstract, first claim or description. A "
        "held-out document stands in no excerpt of a training row. Training rows "
        "with half of the runs of a line of a held-out row were removed; exact "
        f"duplicates removed, {near}.\n",
        "## Preference pairs\n",
        "\n".join(f"- {kind}: {n}" for kind, n in found["pairs"].items()) + "\n",
        "Chosen is the right reply; rejected is the same with one thing made wrong by code"
        + (f", or a reply of a model that the checker refuses ({found['sampled']})" if "sampled" in found else "")
        + ".\n",
        "## Left out\n",
        "\n".join(f"- {why}: {n}" for why, n in (*found["skipped"].items(), *found["removed"].items())) + "\n",
        "## Known to be wrong\n",
        _WRONG,
        "## Files\n",
        "\n".join(f"- `{name}` {value}" for name, value in found["files"].items()) + "\n",
    ]
    return "\n".join(parts)


def _hash(context: StageContext, path: Any) -> str:
    found = context.path(path)
    return f"`{digest(found)[:16]}`" if found.exists() else "not on this machine"
